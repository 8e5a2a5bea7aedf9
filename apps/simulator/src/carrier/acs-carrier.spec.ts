import { CarrierRequestError, createAcsCarrier } from '@carillon/telephony';
import { describeCarrierContract, type CarrierRig, type PhoneBehaviour } from '@carillon/telephony/testing';
import type { RingOutcome } from './callee.js';
import type { RequestFault } from './fault-injection.js';
import { CALLER, openCarrierServer } from './testing/carrier-server.js';
import { openMediaServer } from './testing/media-server.js';

const OUTCOMES: Record<PhoneBehaviour, RingOutcome> = {
  answers: { kind: 'answer', afterMs: 0 },
  'answers and hangs up': { kind: 'answer', afterMs: 0 },
  'is busy': { kind: 'busy' },
  declines: { kind: 'decline', afterMs: 0 },
  'does not exist': { kind: 'invalid' },
  'rings out': { kind: 'no-answer' },
};

/** The unmodified SDK, driven by the adapter, against the emulator. */
async function openRig(): Promise<CarrierRig> {
  const server = await openCarrierServer({ noAnswerAfterMs: 300 });
  const media = await openMediaServer();
  const nextDial = (fault: RequestFault) => server.carrier.faults.set([{ on: 'createCall', when: { nth: 1 }, fault }]);
  return {
    carrier: createAcsCarrier(server.adapterOptions),
    callerE164: CALLER,
    mediaUrl: media.url,
    phoneThat(behaviour) {
      const hangUp = behaviour === 'answers and hangs up';
      return server.network.add(OUTCOMES[behaviour], (line) => (hangUp ? line.hangUp() : undefined)).phoneE164;
    },
    callsTo: (phoneE164) => server.carrier.ledger.snapshot().calls.filter((call) => call.phoneE164 === phoneE164).length,
    throttleNextDial: (retryAfterS) => nextDial({ kind: 'status', status: 429, code: '8516', retryAfterS }),
    forbidNextDial: () => nextDial({ kind: 'status', status: 401, code: '7509' }),
    loseNextAnswer: () => nextDial({ kind: 'drop-after' }),
    delayNextAnswer: (delayMs) => nextDial({ kind: 'delay', delayMs }),
    async close() {
      await server.close();
      await media.close();
    },
  };
}

describeCarrierContract('ACS', openRig);

describe('hanging up over a bad line', () => {
  const request = {
    callId: 'c',
    toE164: '+15551230001',
    fromE164: CALLER,
    callbackUrl: 'http://127.0.0.1:9/',
    mediaUrl: 'ws://127.0.0.1:9/',
    sampleRate: 16000 as const,
    repeatabilityId: '0b8f1c1e-6f0e-4d7b-9a55-3f1f6a5c2d11',
    timeoutMs: 900,
  };

  it.each([
    ['before it arrives', [{ kind: 'drop-before' }], 'hung up'],
    ['after it was done', [{ kind: 'drop-after' }], 'hung up'],
    ['each time', [{ kind: 'drop-before' }, { kind: 'drop-before' }], 'CarrierRequestError null true'],
    ['by a refusal, which is not tried again', [{ kind: 'status', status: 429 }], 'CarrierRequestError 429 true'],
  ] as const)('that breaks %s', async (_when, faults, expected) => {
    const server = await openCarrierServer();
    server.carrier.faults.set(faults.map((fault) => ({ on: 'terminate', when: { nth: 1 }, fault })));
    const carrier = createAcsCarrier({ ...server.adapterOptions, timeoutMs: 900 });
    const result = await carrier.place({ ...request, firstSentAt: new Date() });
    const ended = await carrier.hangUp(result.kind === 'placed' ? result.connectionId : '').then(
      () => 'hung up',
      (error: unknown) => (error instanceof CarrierRequestError ? `${error.name} ${error.status} ${error.retryable}` : String(error)),
    );
    expect(ended).toBe(expected);
    expect(server.carrier.ledger.counts().open).toBe(expected === 'hung up' ? 0 : 1);
    await server.close();
  });
});
