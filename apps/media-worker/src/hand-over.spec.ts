import { createRealClock, ScriptedLlm } from '@carillon/testing';
import { CarrierRequestError } from '@carillon/telephony';
import {
  callContext,
  closed,
  eventually,
  openSocket,
  scriptedProviders,
  stageWorker,
  TestPhone,
  type StagedWorker,
} from './media-worker.spec-support.js';

const PUT_THROUGH = 'One moment, I am putting you through to a colleague.';
const APOLOGY = 'I am sorry, I have a technical problem. If you would like us to call you again, please press 1.';
/** As soon as the settings allow. */
const conversation = {
  ...{ answer_filler_timeout_ms: null, answer_soft_timeout_sec: 0.5, answer_hard_timeout_sec: 0.6 },
  answer_hard_timeout_action: 'hand_over' as const,
};

describe('a call whose model stalls, and that a person is to take over', () => {
  let staged: StagedWorker;
  afterEach(() => staged.worker.close());

  const said = () => staged.live.flatMap((event) => (event.type === 'call.said' && event.persona === 'assistant' ? [event.content] : []));

  /** The person has said something that nobody answers. */
  async function stall(onTransfer: () => Promise<void> = () => Promise.resolve(), clock = createRealClock()): Promise<TestPhone> {
    const llm = new ScriptedLlm({ clock: createRealClock(), answers: () => ({ hangs: 'at-once' as const }), ttftMs: 10, tokenMs: 1 });
    staged = await stageWorker({
      contexts: [callContext('c1', { campaignId: 'campaign', conversation })],
      providersFor: () => ({ ...scriptedProviders(), llm }),
      ...{ onTransfer, clock },
    });
    const phone = new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    await eventually(() => said().length === 1, 'the greeting is heard');
    phone.speak(500);
    return phone;
  }

  it('is put through by the carrier to the number of its agent, and is over when the carrier ends our leg', async () => {
    const phone = await stall();
    await eventually(() => staged.transfers.length === 1, 'the carrier is asked');
    expect(said().at(-1)).toBe(PUT_THROUGH);
    expect(staged.transfers).toEqual([{ connectionId: 'connection-1', toE164: '+14155550100', callId: 'c1' }]);
    phone.socket.close();
    await eventually(() => staged.wrapUps.includes('c1'), 'the call is wrapped up');
    expect(await staged.metricsText()).toMatch(/carillon_media_calls_ended_total\{reason="handed_over"[^}]*\} 1/);
    // unless the carrier says that they were put through, the person hung up on a failure of ours
    expect(staged.calls.get('c1')?.outcome).toMatchObject({ exchanges: 1, disposition: 'network_failure', endsCall: false });
    expect(staged.hungUp).toEqual([]); // who is being put through would be hung up on
    expect(staged.calls.get('c1')?.kept?.call.turns).toMatchObject({ handOver: 'asked' });
  }, 15_000);

  it.each([
    ['twenty seconds, since the carrier may put them through without our socket', () => undefined, 20_000],
    ['five, where the carrier has said that nobody came', () => staged.worker.transferFailed('c1'), 5_000],
  ])(
    'is not hung up on for %s; then it is, where it is left open',
    async (_how, told, graceMs) => {
      const clock = createRealClock();
      const waits: { ms: number; end: () => void }[] = [];
      const graceWait = () => waits.find(({ ms }) => Math.abs(ms - graceMs) < 100);
      const setTimer: typeof clock.setTimer = (at, end) => {
        waits.push({ ms: at - clock.now(), end });
        return clock.setTimer(at, end);
      };
      const phone = await stall(undefined, { ...clock, now: () => clock.now(), setTimer });
      await eventually(() => staged.transfers.length === 1, 'the carrier is asked');
      told();
      waits.length = 0;
      phone.socket.close();
      await eventually(() => graceWait() !== undefined, 'the call is waited for');
      expect(staged.hungUp).toEqual([]);
      graceWait()?.end();
      await eventually(() => staged.hungUp.includes('connection-1'), 'it is hung up');
    },
    15_000,
  );

  it.each([
    ['refuses', () => Promise.reject(new CarrierRequestError('the transfer was refused', 400, '8501', false)), () => undefined],
    ['does not put the person through', () => Promise.resolve(), () => staged.worker.transferFailed('c1')],
  ])(
    'is apologised for where the carrier %s: the person may ask for another call',
    async (_how, onTransfer, told) => {
      const phone = await stall(onTransfer);
      await eventually(() => staged.transfers.length === 1, 'the carrier is asked');
      staged.worker.transferFailed('another call');
      told();
      await eventually(() => said().at(-1) === APOLOGY, 'the apology is heard');
      const end = closed(phone.socket);
      phone.socket.send(JSON.stringify({ kind: 'DtmfData', dtmfData: { data: '1' } }));
      expect((await end).reason).toBe('provider_failure');
      expect(staged.transfers).toHaveLength(1);
      expect(staged.requests).toEqual([{ callId: 'c1', callBack: 'later' }]);
    },
    15_000,
  );

  it('is not ordered by a worker that lets go of it before: the next one is told that nobody was asked', async () => {
    const memory = await stageWorker({ contexts: [callContext('c1', { campaignId: 'campaign', conversation })] });
    let isHeldBack = false;
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const keep: typeof memory.outside.snapshots.keep = async (owner, call, expiryMs) => {
      isHeldBack ||= call?.turns.handOver === 'asked';
      if (isHeldBack) await released;
      return memory.outside.snapshots.keep(owner, call, expiryMs);
    };
    const llm = new ScriptedLlm({ clock: createRealClock(), answers: () => ({ hangs: 'at-once' as const }), ttftMs: 10, tokenMs: 1 });
    staged = await stageWorker({
      outside: { ...memory.outside, snapshots: { keep } },
      providersFor: () => ({ ...scriptedProviders(), llm }),
    });
    const phone = new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    await eventually(() => memory.live.some(({ type }) => type === 'call.said'), 'the greeting is heard');
    phone.speak(500);
    await eventually(() => isHeldBack, 'the order is about to be kept');
    const drained = staged.worker.drain(0);
    await eventually(() => staged.worker.openCalls === 0, 'the call has left');
    release();
    await drained;
    expect(memory.calls.get('c1')?.kept?.call.turns).toMatchObject({ handOver: 'told' });
    expect(memory.transfers).toEqual([]);
    await memory.worker.close();
  }, 15_000);

  it('is left alone by a worker that does not own it any more', async () => {
    const phone = await stall();
    await eventually(() => staged.calls.get('c1')?.kept?.call.turns.unanswered === true, 'the question is kept');
    const call = staged.calls.get('c1');
    if (call) call.epoch += 1; // another worker has it
    expect((await closed(phone.socket)).reason).toBe('superseded');
    expect(staged.transfers).toEqual([]);
  }, 15_000);
});
