import type { ScriptedAnswer } from '@carillon/testing';
import { STAGED_LINES, StagedCall } from '@carillon/testing';
import { owedOf, snapshotOf, type CallSnapshot } from '../turn/snapshot.js';

const lines = {
  ...STAGED_LINES,
  handOver: 'I put you through.',
  callbackOffer: 'Press 1 for another call.',
  callbackTaken: 'We will call. Goodbye.',
};
const APOLOGY = 'assistant: Sorry, a problem.';
const PUT_THROUGH = 'assistant: I put you through.';
const dead: ScriptedAnswer = { hangs: 'at-once' };

/** The turn is committed at 2900, the answer given up at 17900; the line is heard from 18050 to 19130. */
const stalled = (rules = {}): StagedCall =>
  new StagedCall({ answers: [dead], plan: { lines, rules: { hardTimeoutAction: 'hand-over', ...rules } } })
    .says('I am fine', 1_600, 800)
    .start();
const ASKED_AT = 19_130; // 17900 + 150 + 18 × 60

describe('a model that stalls, where a person is to take over', () => {
  it('the person is told and put through: the carrier is asked once, and we say nothing more', async () => {
    const call = stalled();
    await call.until(ASKED_AT - 1);
    expect(call.observer.transfers).toEqual([]);
    await call.until(ASKED_AT + 19_000);
    expect(call.observer.transfers).toEqual([ASKED_AT]);
    expect(call.observer.transcript.at(-1)).toBe(PUT_THROUGH);
    expect(call.observer.hangUps).toEqual([]);
    expect(call.llm.requests).toHaveLength(1);
  });

  it('the carrier ends our leg', async () => {
    const call = stalled();
    await call.until(25_000);
    call.session.end('handed_over');
    expect(call.session.state.phase).toEqual({ name: 'ended', reason: 'handed_over' });
    expect(Object.keys(call.session.state.timers)).not.toContain('silence');
    await call.until(60_000);
    expect(call.observer.transcript.at(-1)).toBe(PUT_THROUGH);
  });

  it('neither voice nor keys cut the line, or begin a turn', async () => {
    const call = stalled();
    call.says('wait a moment please', 18_200, 1_500);
    await call.until(18_500);
    call.session.onTone('1');
    await call.until(30_000);
    expect(call.observer.transfers).toEqual([ASKED_AT]);
    expect(call.observer.interruptions).toBe(0);
    expect(call.observer.transcript.at(-1)).toBe(PUT_THROUGH);
    expect(call.llm.requests).toHaveLength(1);
  });

  it('a carrier that refuses: the apology, and the offer of another call', async () => {
    const call = stalled();
    await call.until(22_000);
    call.session.transferFailed();
    call.session.transferFailed();
    await call.until(26_000);
    expect(call.observer.transcript.slice(-2)).toEqual([PUT_THROUGH, `${APOLOGY} Press 1 for another call.`]);
    call.session.onTone('1');
    await call.until(40_000);
    expect(call.observer.transfers).toEqual([ASKED_AT]);
    expect(call.observer.callbacksAsked).toBe(1);
    expect(call.observer.hangUps).toMatchObject([{ reason: 'provider_failure' }]);
  });

  it('a carrier that does not say: the same after 20 s; its late word changes nothing', async () => {
    const call = stalled({ callbackOffer: false });
    await call.until(ASKED_AT + 19_999);
    expect(call.observer.transcript.at(-1)).toBe(PUT_THROUGH);
    await call.until(ASKED_AT + 20_500);
    call.session.transferFailed();
    await call.until(60_000);
    expect(call.observer.transcript.slice(-2)).toEqual([PUT_THROUGH, `${APOLOGY} Goodbye.`]);
    expect(call.observer.hangUps).toEqual([{ at: ASKED_AT + 20_000 + 150 + 1_020 + 480, reason: 'provider_failure' }]); // 17 × 60, 8 × 60
  });

  it('a refusal of a transfer that nobody asked for changes nothing', async () => {
    const call = stalled();
    await call.until(5_000);
    call.session.transferFailed();
    await call.until(ASKED_AT + 1_000);
    expect(call.observer.transcript.at(-1)).toBe(PUT_THROUGH);
  });

  it('is put through without a word where synthesis is away too', async () => {
    const faults = [null, null, null, ...Array.from({ length: 4 }, () => 'fails' as const)]; // greeting and two fillers
    const call = new StagedCall({ answers: [dead], tts: { faults }, plan: { lines, rules: { hardTimeoutAction: 'hand-over' } } });
    call.says('I am fine', 1_600, 800).start();
    await call.until(30_000);
    expect(call.observer.transfers).toHaveLength(1);
    expect(call.observer.hangUps).toEqual([]);
  });
});

describe('nothing works any more: the static script', () => {
  const outage = async (rules: { failureHandOver: boolean }): Promise<StagedCall> => {
    const call = new StagedCall({ plan: { lines, rules: { ...rules, sttOutageMs: 2_000 } } }).start();
    for (const at of [2_000, 3_000, 4_000, 5_000]) {
      await call.until(at);
      call.stt.fail();
    }
    return call.until(8_000);
  };

  it('puts the person through first, where the campaign wants that', async () => {
    const call = await outage({ failureHandOver: true });
    expect(call.observer.transfers).toEqual([6_230]); // 5000 + 150 + 18 × 60
    call.session.transferFailed();
    await call.until(30_000);
    expect(call.observer.transcript.slice(1)).toEqual([PUT_THROUGH, `${APOLOGY} Press 1 for another call.`, 'assistant: Goodbye.']);
  });

  it('puts nobody through where it does not', async () => {
    expect((await outage({ failureHandOver: false })).observer.transfers).toEqual([]);
  });

  it('a model that fails twice in mid-answer: what it had begun is said, then the line in place of a second apology', async () => {
    const half: ScriptedAnswer = { text: 'First of all, I must say. And then', fails: 'after-text' };
    const call = new StagedCall({ answers: [half, half], plan: { lines, rules: { failureHandOver: true } } });
    call.says('I am fine', 1_600, 800).says('go on', 8_000, 800).start();
    await call.until(20_000);
    expect(call.observer.transcript.at(-1)).toBe('assistant: First of all, I must say. I put you through.');
    expect(call.observer.transfers).toHaveLength(1);
    expect(call.observer.hangUps).toEqual([]);
  });
});

describe('a worker that is lost while the person is put through', () => {
  /** As another worker reads it. */
  const kept = (call: StagedCall): CallSnapshot =>
    JSON.parse(JSON.stringify(snapshotOf(call.session.state, call.clock.now()))) as CallSnapshot;
  const next = (snapshot: CallSnapshot): StagedCall => new StagedCall({ plan: { lines }, snapshot }).start();

  it('before the carrier was asked: the next one tells the person again, and asks', async () => {
    const first = stalled();
    await first.until(18_500);
    const call = await next(kept(first)).until(10_000);
    expect(call.observer.transcript).toEqual([PUT_THROUGH]);
    expect(call.observer.transfers).toEqual([1_250]); // 20 + 150 + 18 × 60
    expect(call.llm.requests).toEqual([]);
  });

  it('after that: it tells them again, asks no second time, and waits as long', async () => {
    const first = stalled();
    await first.until(20_000);
    const call = await next(kept(first)).until(20_000);
    expect(call.observer.transfers).toEqual([]);
    expect(call.observer.transcript).toEqual([PUT_THROUGH]);
    await call.until(23_000);
    expect(call.observer.transcript.at(-1)).toBe(`${APOLOGY} Press 1 for another call.`);
  });

  it('hears of the carrier that has refused', async () => {
    const first = stalled();
    await first.until(20_000);
    const call = await next(kept(first)).until(500);
    call.session.transferFailed();
    await call.until(6_000);
    expect(call.observer.transcript.at(-1)).toBe(`${APOLOGY} Press 1 for another call.`);
  });

  it('hears of it before a frame came in: the person is told of nobody who comes, and the one after it asks nobody', async () => {
    const first = stalled();
    await first.until(20_000);
    const call = new StagedCall({ plan: { lines }, snapshot: kept(first) });
    call.session.transferFailed();
    expect(owedOf(call.session.state)).toMatchObject({ handOver: undefined, last: { reason: 'provider_failure', offer: true } });
    for (const going of [call.start(), next(kept(call))]) {
      await going.until(30_000);
      expect(going.observer.transcript).toEqual([`${APOLOGY} Press 1 for another call.`, 'assistant: Goodbye.']);
      expect(going.observer.hangUps).toMatchObject([{ reason: 'provider_failure' }]);
      expect(going.observer.transfers).toEqual([]);
    }
  });

  it('and one that had asked nobody yet does so, whatever the carrier says of an order before', async () => {
    const first = stalled();
    await first.until(18_500);
    const call = new StagedCall({ plan: { lines }, snapshot: kept(first) });
    call.session.transferFailed();
    await call.start().until(10_000);
    expect(call.observer.transfers).toHaveLength(1);
  });

  it('and the one after it, before a frame came in, knows it too', async () => {
    const first = stalled();
    await first.until(20_000);
    const call = new StagedCall({ plan: { lines }, snapshot: kept(first) });
    expect(owedOf(call.session.state)).toMatchObject({ handOver: 'asked' });
    expect(owedOf(stalled().session.state).handOver).toBeUndefined();
  });
});
