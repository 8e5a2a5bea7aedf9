import { DEFAULT_CONVERSATION_SETTINGS } from '@carillon/contracts';
import type { ScriptedAnswer } from '@carillon/testing';
import { ScriptedVad, StagedCall, STAGED_LINES } from '@carillon/testing';
import type { CallPorts } from '../index.js';
import { rulesOfSettings } from '../prompt/rules-of-settings.js';

const lines = { ...STAGED_LINES, stillThinking: 'Still on it.' };
const dead: ScriptedAnswer = { hangs: 'at-once' };
const spoken = (call: StagedCall): [number, string][] => call.tts.spoken.slice(1).map(({ text, at }) => [at, text]);

/** The turn is committed at 2900. */
const caller = (answers: ScriptedAnswer[], rules = {}): StagedCall =>
  new StagedCall({ answers, plan: { lines, rules } }).says('I am fine', 1_600, 800).start();

describe('an answer that does not come', () => {
  it('soft: a filler after 1.2 s, other words after 4 s, no third one', async () => {
    const call = caller([dead]);
    await call.until(17_000);
    expect(spoken(call)).toEqual([
      [4_100, 'One moment.'],
      [6_900, 'Still on it.'],
    ]);
  });

  it('soft, as the reference peer has it: one line after 4 s', async () => {
    const call = caller([dead], { fillerMs: null });
    await call.until(17_000);
    expect(spoken(call)).toEqual([[6_900, 'Still on it.']]);
  });

  it('soft: in the middle of an answer one line, 4 s after what was heard of it', async () => {
    const call = caller([{ text: 'I have looked it up. And', hangs: 'after-text' }]);
    await call.until(17_000);
    expect(spoken(call).slice(1)).toEqual([[8_510, 'Still on it.']]);
  });

  it('soft: where the first phrase of the answer could not be said, as if there was none yet', async () => {
    const answers = [{ text: 'I have looked it up. And', hangs: 'after-text' as const }];
    const call = new StagedCall({ answers, plan: { lines }, tts: { faults: [null, 'fails', 'fails'] } });
    await call.says('I am fine', 1_600, 800).start().until(17_000);
    expect(spoken(call).slice(2)).toEqual([
      [4_100, 'One moment.'],
      [6_900, 'Still on it.'],
    ]);
  });

  it('hard: 15 s in all, fillers and a second try of the model included', async () => {
    const call = caller([{ fails: 'at-once', ttftMs: 5_000 }, dead]);
    await call.until(20_000);
    expect(spoken(call).at(-1)).toEqual([17_900, 'Sorry, a problem.']);
  });

  it('hard, with a retry: the apology, and the same question once more', async () => {
    const call = caller([dead, { text: 'Here I am.' }], { hardTimeoutAction: 'retry' });
    await call.until(20_000);
    expect(spoken(call).slice(-2)).toEqual([
      [17_900, 'Sorry, a problem.'],
      [18_300, 'Here I am.'], // once the apology is synthesised
    ]);
    expect(call.observer.transcript.slice(1)).toEqual([
      'human: I am fine',
      'assistant: One moment. Still on it.',
      'assistant: Sorry, a problem. Here I am.',
    ]);
    expect(call.session.state.history.at(-1)).toEqual({ role: 'assistant', content: 'Here I am.' }); // the model is not to learn our fillers
  });

  it('hard, with somebody to hand over to: the person is put through (hand-over.spec)', async () => {
    const call = caller([dead], { hardTimeoutAction: 'hand-over' });
    await call.until(20_000);
    expect(call.observer.transfers).toEqual([17_900]);
    expect(call.observer.hangUps).toEqual([]);
  });

  it('after COMMITTED always speech or an error: a model that says nothing is no dead air', async () => {
    const call = caller(Array.from({ length: 4 }, () => ({ text: '' })));
    await call.until(10_000);
    expect(spoken(call)).toEqual([
      [4_100, 'One moment.'],
      [5_450, 'Sorry, a problem.'], // 2900 + 4 × 200, with pauses of 250, 500 and 1000
    ]);
  });
});

it('STT completion: a transcript that still changes is waited for 100 ms beyond the wait', async () => {
  const call = new StagedCall().start();
  call.person.speaks(1_600, 800);
  for (const [at, text] of [
    [2_800, 'the'],
    [2_890, 'the blue'],
    [2_980, 'the blue one'],
  ] as const) {
    await call.until(at);
    call.stt.interim(text);
  }
  await call.until(2_999);
  expect(call.llm.requests).toHaveLength(0);
  await call.until(3_000); // 2400 + 500 + 100
  expect(call.llm.requests).toHaveLength(1);
});

it('a final transcript that never comes: the deadline counts from the end of the voice, not from the event', async () => {
  const call = new StagedCall({ stt: { finalP99Ms: 1_000 } }).says({ text: 'x', interims: false, finalAfterMs: null }, 1_600, 800).start();
  await call.until(3_399);
  expect(call.session.state.user.name).toBe('trailing');
  await call.until(3_400);
  expect(call.session.state.user.name).toBe('silent');
});

it.each([
  [0.5, 'speaking'],
  [0.96, 'silent'], // the scripted detector is sure to 0.95
])('a voice threshold of %d makes a person %s', async (voiceOn, name) => {
  const call = new StagedCall({ plan: { rules: { voiceOn } } }).says('I am fine', 1_600, 800).start();
  await call.until(2_000);
  expect(call.session.state.user.name).toBe(name);
});

/** Never quite sure of a silence, as real detectors are: 0.01 to 0.06. */
const doubting: CallPorts['vad'] = {
  open: (onProbability) => new ScriptedVad().open((sure, endAt) => onProbability(sure > 0.5 ? sure : 0.01 + (endAt % 6) / 100, endAt)),
  close: () => Promise.resolve(),
};

it.each([0.1, 0.15, 0.5])('a voice threshold of %d leaves silence below it: the turn ends after the usual wait', async (vad_threshold) => {
  const rules = rulesOfSettings({ ...DEFAULT_CONVERSATION_SETTINGS, speculation: 'off', vad_threshold });
  const call = new StagedCall({ plan: { rules }, vad: doubting }).says('I am fine', 1_600, 800).start();
  await call.until(2_900);
  expect(call.llm.requests).toHaveLength(1); // 2400 + 500
});
