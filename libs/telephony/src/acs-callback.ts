import { toneOf } from './acs-tones.js';
import { CallbackError, type CarrierEvent, type CarrierResult } from './carrier.js';

/** The service posts one event at a time as a rule; a batch with transcripts stays far below. */
const MAX_BODY_BYTES = 1024 * 1024;
const MAX_EVENTS = 200;
const MAX_NAME_CHARS = 256;
const MAX_MESSAGE_CHARS = 1_000;
const TYPE_PREFIX = 'Microsoft.Communication.';
const SUBJECT = /^(?:\/?calling\/)?callConnections\/([^/]+)$/;

type Members = Record<string, unknown>;
type EventContent<Event = CarrierEvent> = Event extends CarrierEvent ? Omit<Event, 'id' | 'at' | 'connectionId' | 'carrierType'> : never;

const CONTENT: ReadonlyMap<string, (data: Members) => EventContent> = new Map<string, (data: Members) => EventContent>([
  ['CallConnected', () => ({ type: 'answered' })],
  ['CallDisconnected', (data) => ({ type: 'ended', result: resultOf(data) })],
  ['CreateCallFailed', (data) => ({ type: 'failed', result: resultOf(data) })],
  ['CallTransferAccepted', () => ({ type: 'transferred' })],
  ['CallTransferFailed', (data) => ({ type: 'transfer_failed', result: resultOf(data) })],
  ['MediaStreamingStarted', () => ({ type: 'media_started' })],
  ['MediaStreamingFailed', (data) => ({ type: 'media_failed', result: resultOf(data) })],
  ['ContinuousDtmfRecognitionToneReceived', toneContent],
]);

/**
 * Reads the array of CloudEvents that ACS posts. By hand, because the SDK's parser reads the first element only, drops the event's id
 * and throws on types it does not know. `now` (epoch ms) stands in for an event without a time. Throws {@link CallbackError}.
 */
export function parseAcsCallback(body: unknown, now: () => number): CarrierEvent[] {
  const events = typeof body === 'string' || Buffer.isBuffer(body) ? parseJson(body) : body;
  if (!Array.isArray(events)) throw new CallbackError('the body is no array of CloudEvents');
  if (events.length === 0 || events.length > MAX_EVENTS)
    throw new CallbackError(`the body has ${events.length} events, 1 to ${MAX_EVENTS} are taken`);
  return events.map((event: unknown, index) => readEvent(event, index, now));
}

function parseJson(body: string | Buffer): unknown {
  if (Buffer.byteLength(body) > MAX_BODY_BYTES) throw new CallbackError(`the body is larger than ${MAX_BODY_BYTES} bytes`);
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    throw new CallbackError('the body is no JSON', { cause: error });
  }
}

function readEvent(event: unknown, index: number, now: () => number): CarrierEvent {
  if (!isMembers(event)) throw new CallbackError(`event ${index} is no object`);
  const carrierType = nameIn(event, 'type', index);
  const known = CONTENT.get(carrierType.startsWith(TYPE_PREFIX) ? carrierType.slice(TYPE_PREFIX.length) : '');
  const data = isMembers(event['data']) ? event['data'] : {};
  const connectionId = connectionOf(event, data);
  if (known && connectionId === '')
    throw new CallbackError(`event ${index} (${carrierType}) names no call: data.callConnectionId is missing`);
  const envelope = { id: nameIn(event, 'id', index), at: timeOf(event, now), connectionId, carrierType };
  return { ...envelope, ...(known?.(data) ?? { type: 'other' }) };
}

function nameIn(event: Members, member: 'id' | 'type', index: number): string {
  const value = event[member];
  if (typeof value !== 'string' || value === '') throw new CallbackError(`event ${index} has no ${member}`);
  if (value.length > MAX_NAME_CHARS) throw new CallbackError(`the ${member} of event ${index} is longer than ${MAX_NAME_CHARS} characters`);
  return value;
}

/** Empty when the event belongs to no call that we could name, as events of other services may. */
function connectionOf(event: Members, data: Members): string {
  const subject = event['subject'];
  const named = data['callConnectionId'] ?? (typeof subject === 'string' ? SUBJECT.exec(subject)?.[1] : undefined);
  return typeof named === 'string' && named.length <= MAX_NAME_CHARS ? named : '';
}

function timeOf(event: Members, now: () => number): Date {
  const at = typeof event['time'] === 'string' ? new Date(event['time']) : null;
  return at && !Number.isNaN(at.getTime()) ? at : new Date(now());
}

function resultOf(data: Members): CarrierResult | null {
  const information = data['resultInformation'];
  if (!isMembers(information)) return null;
  const { code, subCode, message } = information;
  if (!Number.isSafeInteger(code)) return null;
  return {
    code: Number(code),
    subCode: Number.isSafeInteger(subCode) ? Number(subCode) : 0,
    message: typeof message === 'string' ? message.slice(0, MAX_MESSAGE_CHARS) : '',
  };
}

function toneContent(data: Members): EventContent {
  const tone = toneOf(data['tone']);
  return tone === null ? { type: 'other' } : { type: 'tone', tone };
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
