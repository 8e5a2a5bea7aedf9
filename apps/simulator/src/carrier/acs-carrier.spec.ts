import { createAcsCarrier } from '@carillon/telephony';
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
