import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CallbackError, SignatureError, type Carrier, type PlaceRequest } from '../carrier.js';
import { openCallbackInbox, type CallbackInbox } from './callback-inbox.js';

export { openCallbackInbox, type CallbackInbox };

/** How a phone of the test network behaves when it rings. */
export type PhoneBehaviour = 'answers' | 'answers and hangs up' | 'is busy' | 'declines' | 'does not exist' | 'rings out';

/** A carrier with a phone network behind it, as each adapter's tests build it. */
export interface CarrierRig {
  carrier: Carrier;
  callerE164: string;
  /** Where the carrier may open media sockets. */
  mediaUrl: string;
  /** A phone that was not given out before. */
  phoneThat(behaviour: PhoneBehaviour): string;
  /** Calls that the carrier really made to a phone. */
  callsTo(phoneE164: string): number;
  /** The next dial is refused for being too early, with this much to wait. */
  throttleNextDial(retryAfterS: number): void;
  /** The next dial is refused because the credentials are not good. */
  forbidNextDial(): void;
  /** The next dial is carried out, and its answer never comes. */
  loseNextAnswer(): void;
  /** The next dial is carried out, and its answer comes after this. */
  delayNextAnswer(delayMs: number): void;
  close(): Promise<void>;
}

const TIMEOUT_MS = 5_000;

/** What every carrier adapter must do, said once. */
export function describeCarrierContract(name: string, openRig: () => Promise<CarrierRig>): void {
  describe(`${name} as a carrier`, () => {
    let rig: CarrierRig;
    let inbox: CallbackInbox;
    beforeAll(async () => {
      rig = await openRig();
      inbox = await openCallbackInbox(rig.carrier);
    });
    afterAll(async () => {
      await rig.close();
      await inbox.close();
    });

    const requestTo = (toE164: string, part: Partial<PlaceRequest> = {}): PlaceRequest => {
      const callId = randomUUID();
      return {
        callId,
        toE164,
        fromE164: rig.callerE164,
        callbackUrl: inbox.urlOf(callId),
        mediaUrl: rig.mediaUrl,
        sampleRate: 16000,
        repeatabilityId: randomUUID(),
        firstSentAt: new Date(),
        timeoutMs: TIMEOUT_MS,
        ...part,
      };
    };
    const placed = async (request: PlaceRequest): Promise<string> => {
      const result = await rig.carrier.place(request);
      if (result.kind !== 'placed') throw new Error(`${result.kind}: ${result.message}`);
      return result.connectionId;
    };

    describe('a call that is answered', () => {
      it('is placed, answered and ended by us', async () => {
        const request = requestTo(rig.phoneThat('answers'));
        const connectionId = await placed(request);
        expect(await inbox.next(request.callId, 'answered')).toMatchObject({ connectionId });
        await rig.carrier.hangUp(connectionId);
        const { result } = await inbox.next(request.callId, 'ended');
        expect(rig.carrier.outcomeOf(result)).toEqual({ disposition: null, endedBy: 'us' });
      });

      it('may be ended by the callee', async () => {
        const request = requestTo(rig.phoneThat('answers and hangs up'));
        await placed(request);
        const { result } = await inbox.next(request.callId, 'ended');
        expect(rig.carrier.outcomeOf(result)).toEqual({ disposition: null, endedBy: 'callee' });
      });

      it('is transferred, and is over for us', async () => {
        const request = requestTo(rig.phoneThat('answers'));
        const connectionId = await placed(request);
        await inbox.next(request.callId, 'answered');
        await rig.carrier.transfer(connectionId, { toE164: '+15559990000', callId: request.callId });
        await inbox.next(request.callId, 'transferred');
        const { result } = await inbox.next(request.callId, 'ended');
        expect(rig.carrier.outcomeOf(result)).toEqual({ disposition: 'transferred', endedBy: 'us' });
      });

      it('goes on with us where nobody takes it over', async () => {
        const request = requestTo(rig.phoneThat('answers'));
        const connectionId = await placed(request);
        await inbox.next(request.callId, 'answered');
        await rig.carrier.transfer(connectionId, { toE164: rig.phoneThat('is busy'), callId: request.callId });
        const { result } = await inbox.next(request.callId, 'transfer_failed');
        expect(rig.carrier.outcomeOf(result).disposition).toBe('busy');
        expect(inbox.events(request.callId).map(({ type }) => type)).not.toContain('ended');
        await rig.carrier.hangUp(connectionId);
        await inbox.next(request.callId, 'ended');
      });

      it('is transferred once, however often that is asked for', async () => {
        const request = requestTo(rig.phoneThat('answers'));
        const connectionId = await placed(request);
        await inbox.next(request.callId, 'answered');
        const transfer = () => rig.carrier.transfer(connectionId, { toE164: rig.phoneThat('rings out'), callId: request.callId });
        await transfer();
        await expect(transfer()).rejects.toMatchObject({ name: 'CarrierRequestError', status: expect.any(Number) });
        await rig.carrier.hangUp(connectionId);
        await expect(transfer()).rejects.toMatchObject({ name: 'CarrierRequestError', status: expect.any(Number) });
      });

      it('is hung up twice without harm', async () => {
        const request = requestTo(rig.phoneThat('answers'));
        const connectionId = await placed(request);
        await inbox.next(request.callId, 'answered');
        await rig.carrier.hangUp(connectionId);
        await inbox.next(request.callId, 'ended');
        await expect(rig.carrier.hangUp(connectionId)).resolves.toBeUndefined();
        await expect(rig.carrier.hangUp(randomUUID())).resolves.toBeUndefined();
      });
    });

    describe('a call that is not answered', () => {
      it.each([
        ['is busy', 'busy'],
        ['declines', 'declined'],
        ['does not exist', 'invalid_number'],
        ['rings out', 'no_answer'],
      ] as const)('by a phone that %s is %s', async (behaviour, disposition) => {
        const request = requestTo(rig.phoneThat(behaviour));
        await placed(request);
        const { result } = await Promise.any([inbox.next(request.callId, 'failed'), inbox.next(request.callId, 'ended')]);
        expect(rig.carrier.outcomeOf(result).disposition).toBe(disposition);
        expect(inbox.events(request.callId).map(({ type }) => type)).not.toContain('answered');
      });

      it('because we hang up while it rings is cancelled', async () => {
        const request = requestTo(rig.phoneThat('rings out'));
        await rig.carrier.hangUp(await placed(request));
        const { result } = await Promise.any([inbox.next(request.callId, 'failed'), inbox.next(request.callId, 'ended')]);
        expect(rig.carrier.outcomeOf(result)).toEqual({ disposition: 'cancelled', endedBy: 'us' });
      });
    });

    describe('a dial', () => {
      it('that comes too early is refused, and says how long to wait', async () => {
        const request = requestTo(rig.phoneThat('answers'));
        rig.throttleNextDial(7);
        expect(await rig.carrier.place(request)).toMatchObject({ kind: 'refused', cause: 'throttled', status: 429, retryAfterMs: 7_000 });
        expect(rig.callsTo(request.toE164)).toBe(0);
      });

      it('with credentials that are not good is refused as ours to mend', async () => {
        const request = requestTo(rig.phoneThat('answers'));
        rig.forbidNextDial();
        expect(await rig.carrier.place(request)).toMatchObject({ kind: 'refused', cause: 'configuration' });
        expect(rig.callsTo(request.toE164)).toBe(0);
      });

      it('whose answer is lost is unknown: the phone rings all the same, and the callback finds the call', async () => {
        const request = requestTo(rig.phoneThat('answers'), { timeoutMs: 900 });
        rig.loseNextAnswer();
        expect(await rig.carrier.place(request)).toMatchObject({ kind: 'unknown' });
        const { connectionId } = await inbox.next(request.callId, 'answered');
        await rig.carrier.hangUp(connectionId);
        await inbox.next(request.callId, 'ended');
      });

      it('whose answer does not come in time is unknown, and a repeat of the same id adopts the call', async () => {
        const request = requestTo(rig.phoneThat('answers'), { timeoutMs: 250 });
        rig.delayNextAnswer(1_000);
        expect(await rig.carrier.place(request)).toMatchObject({ kind: 'unknown' });
        const connectionId = await placed({ ...request, timeoutMs: TIMEOUT_MS });
        expect(await inbox.next(request.callId, 'answered')).toMatchObject({ connectionId });
        expect(rig.callsTo(request.toE164)).toBe(1);
        await rig.carrier.hangUp(connectionId);
      });
    });

    describe('what claims to come from the carrier', () => {
      it('is believed when the carrier signed it', async () => {
        const request = requestTo(rig.phoneThat('answers and hangs up'));
        await placed(request);
        await inbox.next(request.callId, 'ended');
        await expect(rig.carrier.verify(inbox.lastAuthorization())).resolves.toBeUndefined();
      });

      it('is refused with a wrong signature, a foreign one or none', async () => {
        const authorization = inbox.lastAuthorization() ?? '';
        const tampered = authorization.replace(/.{8}$/, 'AAAAAAAA');
        for (const claim of [undefined, '', 'garbage', tampered]) await expect(rig.carrier.verify(claim)).rejects.toThrow(SignatureError);
      });

      it('is refused when it is no callback', () => {
        for (const body of [undefined, 'garbage', 7, { id: 'x' }]) expect(() => rig.carrier.parseCallback(body)).toThrow(CallbackError);
      });
    });
  });
}
