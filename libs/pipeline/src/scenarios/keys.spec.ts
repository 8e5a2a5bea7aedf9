import { STAGED_LINES, StagedCall } from '@carillon/testing';
import { snapshotOf } from '../turn/snapshot.js';

/** 47 characters: asked for at 3250, heard from 3400 to 6220. */
const ANSWER = 'Please key in your customer number and a hash.,';

async function press(call: StagedCall, keys: string, from: number): Promise<void> {
  for (const [index, key] of [...keys].entries()) {
    await call.until(from + index * 400);
    call.session.onTone(key);
  }
}

describe('a person who keys something in', () => {
  it('stops the agent with the first key and is answered after the hash', async () => {
    const call = new StagedCall({ answers: [ANSWER, 'Thank you.'] }).says('I am fine', 1_600, 800).start();
    await press(call, '4711#', 5_000);
    expect(call.media.clears).toEqual([5_000]);
    expect(call.llm.requests[1]?.messages.at(-1)).toEqual({ role: 'user', content: '[keyed in: 4711]' });
    await call.until(9_000);
    expect(call.observer.transcript.slice(-2)).toEqual(['human: [keyed in: 4711]', 'assistant: Thank you.']);
    expect(call.session.state.phase.name).toBe('dialog');
  });

  it('is answered 3 s after the last key where no hash comes', async () => {
    const call = new StagedCall({ answers: [ANSWER] }).says('I am fine', 1_600, 800).start();
    await press(call, '47', 7_000); // the last at 7400
    await call.until(10_399);
    expect(call.llm.requests).toHaveLength(1);
    await call.until(10_400);
    expect(call.llm.requests[1]?.messages.at(-1)).toEqual({ role: 'user', content: '[keyed in: 47]' });
  });

  it('says something beside it: both are one turn', async () => {
    const call = new StagedCall({ answers: [ANSWER] }).says('I am fine', 1_600, 800).says('it is this one', 8_000, 640).start();
    await press(call, '47', 7_000);
    await call.until(9_200); // 8640 + 500
    expect(call.llm.requests[1]?.messages.at(-1)).toEqual({ role: 'user', content: 'it is this one [keyed in: 47]' });
  });

  it('waits for the line to end where keys must not cut, and the wait for the next key begins then', async () => {
    const call = new StagedCall({ answers: [ANSWER, 'Thank you.'], plan: { rules: { dtmfBargeIn: false } } });
    call.says('I am fine', 1_600, 800).start();
    await press(call, '4711', 4_000);
    await call.until(12_000);
    expect(call.media.clears).toEqual([]);
    expect(call.observer.transcript.slice(-2)).toEqual(['human: [keyed in: 4711]', 'assistant: Thank you.']);
  });

  it.each([4_500, 5_500])('presses the hash and no other key while the answer is thought of, at %d: it is not forgotten', async (at) => {
    const call = new StagedCall({ answers: [{ hangs: 'at-once' }, 'Here I am.'] }).says('I am fine', 1_600, 800).start();
    await press(call, '#', at); // "One moment." is heard from 4250 to 4910
    await call.until(10_000);
    expect(call.observer.transcript.at(-1)).toMatch(/Here I am\.$/);
  });

  describe('while a greeting is said that nothing may cut', () => {
    /** 37 characters: heard from 170 to 2390. */
    const greeting = 'This call is recorded for our records';
    const plan = { lines: { ...STAGED_LINES, greeting }, rules: { greetingInterruptible: false } };

    it.each([['5'], ['5#'], ['#']])('%s: neither the key nor a voice after it does', async (keys) => {
      const call = new StagedCall({ plan, answers: ['Thank you.'] }).says('stop that now', 1_600, 640).start();
      await press(call, keys, 800);
      await call.until(1_900);
      expect(snapshotOf(call.session.state, 1_900).owes).toBe('greeting');
      await call.until(8_000);
      expect(call.media.clears).toEqual([]);
      expect(call.observer.transcript[0]).toBe(`assistant: ${greeting}`);
      const said = keys === '#' ? 'stop that now' : 'stop that now [keyed in: 5]';
      expect(call.observer.transcript.slice(1)).toEqual([`human: ${said}`, 'assistant: Thank you.']);
    });
  });

  describe('and ends it over a greeting that nothing may cut', () => {
    /** Heard from 170 to 2390. */
    const lines = { ...STAGED_LINES, greeting: 'This call is recorded for our records' };
    const plan = { lines, rules: { greetingInterruptible: false } };

    it.each([
      ['5#', 1_900, '5', 2_390],
      ['5#7', 1_200, '57', 2_000 + 3_000], // it was not over after all
    ])('%s: is answered when both are over', async (keys, from, digits, at) => {
      const call = new StagedCall({ plan, answers: ['Thank you.'] }).start();
      await press(call, keys, from);
      await call.until(at - 30);
      expect(call.llm.requests).toEqual([]);
      await call.until(at + 30);
      expect(call.llm.requests[0]?.messages.at(-1)).toEqual({ role: 'user', content: `[keyed in: ${digits}]` });
      await call.until(9_000);
      expect(call.llm.requests).toHaveLength(1);
    });
  });

  it.each([
    ['the recap, and what was owed is answered', { owes: null, unanswered: true }, 'Here I am.'],
    ['the recap, and the rest is said', { owes: null, unanswered: false, rest: ['And who are you?'] }, 'And who are you?'],
    ['the greeting, and what was owed is answered', { owes: 'greeting' as const, unanswered: true }, 'Here I am.'],
  ])('presses the hash and no other key over %s', async (_what, owed, line) => {
    const history = [{ role: 'user' as const, content: 'when do you open' }];
    const kept = { version: 1, agentClosed: false, failures: 0, echoes: 0, pauses: { count: 0, meanMs: 0 } };
    const lines = { ...STAGED_LINES, recap: 'Sorry, we were cut off.' };
    const call = new StagedCall({ plan: { lines }, answers: ['Here I am.'], snapshot: { ...kept, ...owed, history } }).start();
    await press(call, '#', 1_000);
    expect(call.media.clears).toEqual([1_000]);
    await call.until(6_000);
    expect(call.observer.transcript.at(-1)).toBe(`assistant: ${line}`);
    expect(call.session.state.resumed).toBeNull();
  });
});
