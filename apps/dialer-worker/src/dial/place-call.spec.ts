import { createLogger, noFailpoints } from '@carillon/platform';
import { FakeCarrier } from '../testing/fake-carrier.js';
import { createPlaceCall, type SentCall } from './place-call.js';

const START = Date.parse('2026-03-02T17:59:58Z');
const at = (ms: number) => new Date(START + ms);

/** A call that may be sent for 15 s by its reservation, and for as long as `untilMs` by the gate. */
const sentCall = (untilMs: number, contactId: bigint | null = 1n) =>
  ({
    contactId,
    ...{ tenantId: 'default', callId: '0b2f9c1e-0000-4000-8000-000000000000', phoneE164: '+14155550132', traceparent: null },
    ...{ repeatabilityId: '0b2f9c1e-0000-4000-8000-000000000001', firstSentAt: at(0), notAfter: at(15_000), until: at(untilMs) },
  }) as SentCall;

/** So long it takes between the gate's word and the request. */
function setUp(delayMs: number) {
  const carrier = new FakeCarrier();
  const putBack: string[] = [];
  const ended: string[] = [];
  let now = at(0);
  const place = createPlaceCall({
    carrier,
    addressOf: async () => {
      now = at(delayMs);
      return { fromE164: '+14155550111', callbackUrl: 'https://api.test', mediaUrl: 'wss://media.test', sampleRate: 16_000 };
    },
    news: { apply: async () => null, placed: async () => undefined, settle: async () => undefined },
    refuse: async () => undefined,
    putBack: async (_, from) => putBack.push(from) > 0,
    endUnsent: async (_, { disposition }) => ended.push(disposition) > 0,
    log: createLogger('test', { level: 'silent', pii: false }),
    reach: noFailpoints,
    now: () => now,
  });
  return { carrier, putBack, ended, place };
}

describe('a call whose hours end while it is being sent', () => {
  it('is not sent, and goes back', async () => {
    const { carrier, putBack, place } = setUp(2_000);
    expect(await place.first(sentCall(2_000))).toBe('too_late');
    expect(carrier.requests).toEqual([]);
    expect(putBack).toEqual(['dialing']);
  });

  it('and that the API asked for is over, and whoever watches it is told', async () => {
    const { carrier, putBack, ended, place } = setUp(2_000);
    expect(await place.first(sentCall(2_000, null))).toBe('too_late');
    expect([carrier.requests, putBack, ended]).toEqual([[], [], ['cancelled']]);
  });

  it('is sent in the last millisecond', async () => {
    const { carrier, place } = setUp(1_999);
    expect(await place.first(sentCall(2_000))).toBe('dialed');
    expect(carrier.requests).toHaveLength(1);
  });

  it('is not repeated either: what the carrier never got would ring too late', async () => {
    const { carrier, putBack, place } = setUp(2_000);
    await place.again(sentCall(2_000));
    expect(carrier.requests).toEqual([]);
    expect(putBack).toEqual([]);
  });
});

it('A call whose reservation is over is not sent though the phones are open', async () => {
  const { carrier, place } = setUp(15_000);
  expect(await place.first(sentCall(3_600_000))).toBe('too_late');
  expect(carrier.requests).toEqual([]);
});
