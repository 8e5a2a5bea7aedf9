import { parseAcsCallback } from './acs-callback.js';
import { CallbackError } from './carrier.js';

const NOW = Date.parse('2026-11-20T10:00:05Z');
const parse = (body: unknown) => parseAcsCallback(body, () => NOW);
const event = (type: string, data: object = {}, envelope: object = {}) => ({
  id: 'e-1',
  specversion: '1.0',
  time: '2026-11-20T10:00:00.000Z',
  type: `Microsoft.Communication.${type}`,
  subject: 'calling/callConnections/c-1',
  data: { callConnectionId: 'c-1', operationContext: 'ours', ...data },
  ...envelope,
});
const busy = { resultInformation: { code: 486, subCode: 560486, message: 'Busy', sipDetails: { code: 486, message: 'Busy Here' } } };
const busyResult = { code: 486, subCode: 560486, message: 'Busy' };

describe('a callback of ACS', () => {
  it.each([
    ['CallConnected', {}, { type: 'answered' }],
    ['CallDisconnected', {}, { type: 'ended', result: null }],
    ['CallDisconnected', busy, { type: 'ended', result: busyResult }],
    ['CreateCallFailed', busy, { type: 'failed', result: busyResult }],
    ['CallTransferAccepted', {}, { type: 'transferred' }],
    ['CallTransferFailed', busy, { type: 'transfer_failed', result: busyResult }],
    ['MediaStreamingStarted', {}, { type: 'media_started' }],
    ['MediaStreamingFailed', busy, { type: 'media_failed', result: busyResult }],
    ['ContinuousDtmfRecognitionToneReceived', { tone: 'pound', sequenceId: 1 }, { type: 'tone', tone: '#' }],
    ['ContinuousDtmfRecognitionToneReceived', { tone: 'flash' }, { type: 'other' }],
    ['ParticipantsUpdated', { participants: [] }, { type: 'other' }],
    ['InventedTomorrow', {}, { type: 'other' }],
  ])('%s with %j is %j', (type, data, content) => {
    expect(parse([event(type, data)])).toEqual([
      { id: 'e-1', at: new Date('2026-11-20T10:00:00Z'), connectionId: 'c-1', carrierType: `Microsoft.Communication.${type}`, ...content },
    ]);
  });

  it('may hold several events, and may come as text', () => {
    const body = JSON.stringify([event('CallConnected'), event('CallDisconnected', {}, { id: 'e-2' })]);
    expect(parse(body).map(({ id, type }) => [id, type])).toEqual([
      ['e-1', 'answered'],
      ['e-2', 'ended'],
    ]);
    expect(parse(Buffer.from(body))).toHaveLength(2);
  });

  it('is dated by our clock when it has no time, and found by its subject when its data does not name the call', () => {
    const [first] = parse([event('CallConnected', { callConnectionId: undefined }, { time: 'yesterday' })]);
    expect(first).toMatchObject({ at: new Date(NOW), connectionId: 'c-1', type: 'answered' });
  });

  it('of another service is kept without a call', () => {
    expect(parse([{ id: 'e', type: 'Microsoft.EventGrid.SubscriptionValidationEvent' }])).toMatchObject([
      { connectionId: '', type: 'other' },
    ]);
  });

  it.each([
    ['no JSON', 'garbage'],
    ['an object', event('CallConnected')],
    ['null', null],
    ['an empty array', []],
    ['too many events', Array.from({ length: 201 }, () => event('CallConnected'))],
    ['a megabyte and more', `["${'x'.repeat(1_100_000)}"]`],
    ['an element that is none', [7]],
    ['an event without id', [event('CallConnected', {}, { id: undefined })]],
    ['an event with an endless id', [event('CallConnected', {}, { id: 'x'.repeat(257) })]],
    ['an event without type', [{ id: 'e' }]],
    ['a call event that names no call', [event('CallConnected', { callConnectionId: '' }, { subject: undefined })]],
  ])('is refused when it is %s', (_name, body) => expect(() => parse(body)).toThrow(CallbackError));
});
