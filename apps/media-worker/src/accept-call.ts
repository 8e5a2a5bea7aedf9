import type { IncomingMessage } from 'node:http';
import type { Clock } from '@carillon/pipeline';
import { within, type Logger } from '@carillon/platform';
import { CallTokenError, SignatureError, type CallIdentity, type CallTokens } from '@carillon/telephony';
import { isGone } from './call-relays.js';
import type { Admission, AdmissionRefusal, CallDirectory, MediaCarrier } from './ports.js';

export type RefusalReason =
  'path' | 'token' | 'carrier' | 'full' | 'overloaded' | 'draining' | 'unknown_call' | 'ended_call' | 'unavailable' | 'abandoned';

/** A handshake that is answered with a status and a line of text instead of a socket. */
export interface Refusal {
  status: 401 | 404 | 503;
  reason: RefusalReason;
  message: string;
  /** A call that may be taken, though not by this worker now. */
  passOn?: string;
}

export interface Acceptance {
  admission: Admission;
  /** The carrier's name of the call, where its handshake tells it. */
  connectionId: string | null;
}

/** Room for calls on this worker. A place that was taken must be given back or kept for a call. */
export interface Room {
  /** A call that this worker holds already needs no other place: its newest socket replaces the older one. */
  take(callId: string): 'taken' | 'full' | 'overloaded' | 'draining';
  giveBack(): void;
}

export interface CallDoor {
  tokens: Pick<CallTokens, 'checkMediaToken'>;
  carrier: Pick<MediaCarrier, 'verify' | 'connectionIdHeader'>;
  directory: Pick<CallDirectory, 'admit'>;
  room: Room;
  clock: Pick<Clock, 'now'>;
  log: Logger;
}

/** The carrier waits about this long for the handshake; a refusal that comes later tells it nothing. */
const DEADLINE_MS = 5_000;

const NO_ROOM = {
  full: 'all slots of this worker are taken',
  overloaded: 'this worker is too slow for another call',
  draining: 'this worker is about to stop',
};

const REFUSALS: Readonly<Record<AdmissionRefusal, Refusal>> = {
  unknown: refuse(404, 'unknown_call', 'there is no such call'),
  ended: refuse(404, 'ended_call', 'the call has ended'),
  unwanted: refuse(503, 'abandoned', 'nobody waits for this handshake any more'),
};

/** Decides about one handshake: path → our token → the carrier's signature → room → the call itself. */
export async function acceptCall(door: CallDoor, request: IncomingMessage): Promise<Acceptance | Refusal> {
  const url = new URL(request.url ?? '/', 'http://media');
  const callId = /^\/m\/([^/]+)$/.exec(url.pathname)?.[1];
  if (callId === undefined) return refuse(404, 'path', 'media sockets are at /m/{callId}');
  const call = await checkTokens(door, request, { callId: decodeURIComponent(callId), token: url.searchParams.get('token') });
  if ('status' in call) return call;
  const place = door.room.take(call.callId);
  if (place !== 'taken') return { ...refuse(503, place, NO_ROOM[place]), passOn: call.callId };
  const answer = await admit(door, call, request);
  if ('status' in answer) {
    door.room.giveBack();
    return answer;
  }
  return { admission: answer, connectionId: headerOf(request, door.carrier.connectionIdHeader) };
}

async function checkTokens(
  { tokens, carrier, log }: CallDoor,
  request: IncomingMessage,
  { callId, token }: { callId: string; token: string | null },
): Promise<CallIdentity | Refusal> {
  try {
    const call = await tokens.checkMediaToken(token, callId);
    await carrier.verify(request.headers.authorization);
    return call;
  } catch (error) {
    if (error instanceof CallTokenError) return refuse(401, 'token', error.message);
    if (error instanceof SignatureError) return refuse(401, 'carrier', `the carrier's signature cannot be taken: ${error.message}`);
    log.error({ err: error, callId }, 'a media handshake could not be checked');
    return refuse(503, 'unavailable', 'the signature cannot be checked right now');
  }
}

async function admit({ directory, clock, log }: CallDoor, call: CallIdentity, request: IncomingMessage): Promise<Admission | Refusal> {
  const deadline = clock.now() + DEADLINE_MS;
  try {
    const admitting = directory.admit(call, () => clock.now() < deadline && !isGone(request));
    if (!(await within(DEADLINE_MS, admitting))) throw new Error('the call was not found in time');
    const admission = await admitting;
    return typeof admission === 'string' ? REFUSALS[admission] : admission;
  } catch (error) {
    log.error({ err: error, callId: call.callId }, 'a call could not be bound');
    return refuse(503, 'unavailable', 'the call cannot be bound right now');
  }
}

function refuse(status: Refusal['status'], reason: RefusalReason, message: string): Refusal {
  return { status, reason, message };
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
