import { STAGED_LINES, StagedCall, type StagedCallOptions } from '@carillon/testing';
import { RedactedLog, snapshotOf, type CallLogLine, type CallSnapshot } from '../index.js';
import { resumeTurnState } from '../turn/snapshot.js';

const lines = {
  ...STAGED_LINES,
  recap: 'Sorry, we were cut off.',
  callbackOffer: 'Press 1 for another call.',
  callbackTaken: 'We will call.',
};
const APOLOGY = 'Sorry, a problem.';

/** As another worker reads it, whose clock begins anew. */
const kept = (call: StagedCall): CallSnapshot =>
  JSON.parse(JSON.stringify(snapshotOf(call.session.state, call.clock.now()))) as CallSnapshot;
const next = (snapshot: CallSnapshot, options: StagedCallOptions = {}): StagedCall =>
  new StagedCall({ ...options, plan: { lines, ...options.plan }, snapshot }).start();
const spoken = ({ tts }: StagedCall): string[] => tts.spoken.map(({ text }) => text);

describe('the longest duration of a call', () => {
  const plan = { lines, maxCallMs: 20_000 };

  it('goes on with it: the goodbye comes in time, on whatever worker', async () => {
    const first = new StagedCall({ plan }).start();
    await first.until(8_000);
    const second = next(kept(first), { plan });
    await second.until(5_000);
    const third = next(kept(second), { plan });
    await third.until(10_000);
    expect(third.tts.spoken.at(-1)).toMatchObject({ at: 7_000, text: 'Goodbye.' }); // 20000 − 8000 − 5000
    expect(third.observer.hangUps).toMatchObject([{ reason: 'max_duration' }]);
  });

  it('that is over by then: the goodbye is the first that is heard', async () => {
    const snapshot = { ...kept(new StagedCall({ plan }).start()), elapsedMs: 25_000 };
    const call = await next({ ...snapshot, owes: null }, { plan }).until(5_000);
    expect(spoken(call)).toEqual(['Goodbye.']);
    expect(call.observer.hangUps).toMatchObject([{ reason: 'max_duration' }]);
  });

  it('begins anew with a snapshot that does not know how long the call has lasted', async () => {
    const first = new StagedCall({ plan }).start();
    await first.until(8_000);
    const { elapsedMs, last, machine, ...older } = kept(first);
    expect(elapsedMs).toBe(8_000);
    expect([last, machine]).toEqual([undefined, undefined]);
    const state = resumeTurnState(older, first.session.state.rules, 500);
    expect(state).toMatchObject({ startedAt: 500, machine: null, resumed: { greeted: true } });
  });
});

describe('a line that is lost while the call is ended', () => {
  it('by the model: its last words are said, not that we were cut off', async () => {
    const answers = [{ text: 'Thank you for that. Goodbye, Ann.', calls: [{ name: 'end_call', arguments: { reason: 'done' } }] }];
    const first = new StagedCall({ plan: { lines }, answers }).says('I am fine', 1_600, 800).start();
    await first.until(4_900); // in its second phrase
    const second = await next(kept(first)).until(5_000);
    expect(spoken(second)).toEqual(['Goodbye, Ann.']);
    expect(second.observer.hangUps).toEqual([{ at: 20 + 150 + 13 * 60, reason: 'agent_closed' }]);
    expect(second.session.state.agentClosed).toBe(true);
  });

  it('for silence: the goodbye is said, however often the line is lost, and nobody is asked anything', async () => {
    const first = new StagedCall({ plan: { lines, rules: { maxSilencePrompts: 0 } } }).start();
    await first.until(11_600);
    const second = next(kept(first));
    await second.until(10); // before a frame came in
    const third = next(kept(second));
    await third.until(300);
    const fourth = await next(kept(third)).says('wait', 320, 480).until(5_000);
    expect(spoken(fourth)).toEqual(['Goodbye.']);
    expect(fourth.observer.hangUps).toMatchObject([{ reason: 'silence' }]);
    expect(fourth.llm.requests).toEqual([]);
  });

  /** The model fails at both turns: the apology is heard from 8250 to 9270 at the latest, then the offer. */
  const outage = () => {
    const fails = Array.from({ length: 12 }, () => ({ fails: 'at-once' as const }));
    const rules = { maxModelTries: 2, modelRetryMs: 0 };
    return new StagedCall({ answers: fails, plan: { lines, rules } }).says('I am fine', 1_600, 800).says('hello', 6_400, 800).start();
  };
  /** Until the first moment at which it holds, to 50 ms. */
  const untilIt = async (call: StagedCall, holds: () => boolean): Promise<StagedCall> => {
    while (!holds()) await call.until(call.clock.now() + 50);
    return call;
  };

  it('with an apology: it is said again, and the offer can be taken', async () => {
    const first = outage();
    await untilIt(first, () => first.session.state.phase.name === 'closing');
    const second = await next(kept(first)).until(3_000); // 20 + 150 + 17 × 60, then 25 × 60
    expect(spoken(second)).toEqual([APOLOGY, lines.callbackOffer]);
    second.session.onTone('1');
    await second.until(6_000);
    expect(second.observer.callbacksAsked).toBe(1);
    expect(second.observer.hangUps).toMatchObject([{ reason: 'provider_failure' }]);
  });

  it('while the key is waited for: the offer is made again', async () => {
    const first = outage();
    await untilIt(first, () => first.session.state.phase.name === 'closing' && first.session.state.agent.name === 'idle');
    const second = await next(kept(first)).until(20_000);
    expect(spoken(second)).toEqual([lines.callbackOffer, 'Goodbye.']);
    expect(second.observer.hangUps).toEqual([{ at: 20 + 150 + 25 * 60 + 6_000 + 150 + 8 * 60, reason: 'provider_failure' }]);
  });

  it('after the key: the promise is said, and not asked for a second time', async () => {
    const first = outage();
    await untilIt(first, () => first.session.state.phase.name === 'closing' && first.session.state.agent.name === 'idle');
    first.session.onTone('1');
    const second = await next(kept(first)).until(5_000);
    expect(first.observer.callbacksAsked).toBe(1);
    expect(spoken(second)).toEqual(['We will call.']);
    expect(second.observer.callbacksAsked).toBe(0);
  });

  it('leaves nothing of its last lines in a log without words', async () => {
    const first = outage();
    await untilIt(first, () => first.session.state.phase.name === 'closing');
    const log: CallLogLine[] = [];
    await next(kept(first), { log: new RedactedLog({ append: (line) => void log.push(line) }) }).until(3_000);
    expect(JSON.stringify(log)).not.toContain('problem');
    expect(JSON.stringify(log)).not.toContain('another call');
  });
});

describe('a line that is lost when a machine has answered', () => {
  const MESSAGE = 'Please call us back.';
  const plan = { lines, machines: { on_machine: 'leave_message', message: MESSAGE } as const };
  const MAILBOX = 'you have reached john please leave a message after the tone';
  const mailbox = async (at: number): Promise<StagedCall> => {
    const first = new StagedCall({ plan }).says(MAILBOX, 320, 4_800).start();
    first.person.beeps(5_440, 400);
    return first.until(at);
  };

  it.each([
    ['before its beep', 5_300],
    ['in the middle of our message', 6_600],
  ])('%s: the message is left once it has been silent for 2 s, and nothing else is said', async (_when, at) => {
    const first = await mailbox(at);
    expect(first.session.state.machine).toBe('answered');
    const second = await next(kept(first), { plan }).until(10_000);
    expect(second.tts.spoken.map(({ text, at: saidAt }) => [text, saidAt])).toEqual([[MESSAGE, 2_020]]);
    expect(second.session.state.machine).toBe('message_left');
    expect(second.observer.hangUps).toEqual([{ at: 2_020 + 150 + 20 * 60, reason: 'machine' }]);
  });

  it('and goes on with its greeting: its beep is waited for', async () => {
    const first = await mailbox(4_900);
    const second = next(kept(first), { plan }).says('or press one', 320, 1_920);
    second.person.beeps(3_200, 400);
    await second.until(10_000);
    expect(spoken(second)).toEqual([MESSAGE]);
    expect(second.tts.spoken[0]?.at).toBeGreaterThan(3_600);
    expect(second.tts.spoken[0]?.at).toBeLessThan(4_000);
  });

  it('and where nobody listens for machines any more, is gone on with as with people', async () => {
    const call = await next({ ...kept(await mailbox(5_300)), owes: null }, { plan: { lines } }).until(5_000);
    expect(spoken(call)[0]).toMatch(/^Sorry, we were cut off\./);
  });
});
