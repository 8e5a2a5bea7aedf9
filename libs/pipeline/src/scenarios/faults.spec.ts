import {
  longestSilence,
  OutageStt,
  ScriptedVad,
  STAGED_LINES,
  StagedCall,
  type ScriptedAnswer,
  type StagedCallOptions,
  type StagedProviders,
  type TtsFault,
} from '@carillon/testing';
import type { Ms, VadEngine } from '../index.js';

// What a person hears of each fault: the longest silence from the end of their own voice, at 2400, to the end of what is said next. Where nothing goes wrong it is
// 895 ms: 500 of endpoint wait, 245 until the fourth token, 150 of synthesis. The table is in docs/conversation.md.

const THANKS = 'Thank you very much.';
const APOLOGY = 'assistant: Sorry, a problem.';

const staged = (options: StagedCallOptions = {}): StagedCall => new StagedCall({ answers: [THANKS], ...options });
const caller = (options: StagedCallOptions = {}): StagedCall => staged(options).says('I am fine', 1_600, 800).start();
const answering = (...answers: ScriptedAnswer[]): StagedCall => caller({ answers });
const throttled = (retryAfterMs: Ms): ScriptedAnswer => ({ fails: 'at-once', error: Object.assign(new Error('429'), { retryAfterMs }) });
const voiced = (fault: TtsFault): StagedCall => caller({ tts: { faults: [null, fault] } });

/** Lets the call go on until then; until its last sound if that is earlier. */
async function silenceUntil(call: StagedCall, until: Ms): Promise<Ms> {
  await call.until(until);
  return longestSilence(call.media, { from: 2_400, to: Math.max(2_400, call.media.frames.at(-1)?.at ?? 0) });
}

const said = (call: StagedCall): string[] => call.observer.transcript.slice(1);

describe('the model', () => {
  it('delayed: its first token after 3 s is covered by a filler', async () => {
    const call = answering({ text: THANKS, ttftMs: 3_000 });
    expect(await silenceUntil(call, 10_000)).toBe(1_850); // 500 + 1200 + 150
    expect(said(call)).toEqual(['human: I am fine', `assistant: One moment. ${THANKS}`]);
  });

  it('stalled before a word: two fillers, an apology after 15 s', async () => {
    const call = answering({ hangs: 'at-once' });
    expect(await silenceUntil(call, 20_000)).toBe(10_340); // the second filler is heard from 7050 to 7710, the apology from 18050
    expect(said(call).at(-1)).toBe(APOLOGY);
  });

  it('stalled in mid-answer: what there was is said, a line after 4 s, and nothing is waited for longer than 15 s', async () => {
    const call = answering({ text: 'First of all, I must say. And then', hangs: 'after-text' });
    expect(await silenceUntil(call, 25_000)).toBe(10_340);
    expect(said(call)).toEqual(['human: I am fine', 'assistant: First of all, I must say. One moment.', APOLOGY]);
  });

  it('half an answer: what there was is said, then the apology', async () => {
    const call = answering({ text: 'First of all, I must say. And then', fails: 'after-text' });
    expect(await silenceUntil(call, 9_000)).toBe(880);
    expect(said(call).at(-1)).toBe('assistant: First of all, I must say. Sorry, a problem.');
  });

  it('half an answer twice running: the apology, the offer of another call, the end', async () => {
    const half = { text: 'First of all, I must say. And then', fails: 'after-text' as const };
    const lines = { ...STAGED_LINES, callbackOffer: 'Press 1 for another call.' };
    const ends = await Promise.all(
      [true, false].map(async (callbackOffer) => {
        const call = new StagedCall({ answers: [half, half], plan: { lines, rules: { callbackOffer } } });
        await call.says('I am fine', 1_600, 800).says('go on', 9_600, 800).start().until(30_000);
        expect(call.observer.hangUps).toMatchObject([{ reason: 'provider_failure' }]);
        return call.observer.transcript.slice(4);
      }),
    );
    expect(ends).toEqual([
      ['assistant: First of all, I must say. Sorry, a problem. Press 1 for another call.', 'assistant: Goodbye.'],
      ['assistant: First of all, I must say. Sorry, a problem. Goodbye.'],
    ]);
  });

  it('refused once (429, 503): asked again after 250 ms', async () => {
    const call = answering({ fails: 'at-once' }, { text: THANKS });
    expect(await silenceUntil(call, 9_000)).toBe(1_345); // 895 + 200 + 250
    expect(said(call).at(-1)).toBe(`assistant: ${THANKS}`);
  });

  it.each([
    [1_500, 1_850], // a filler from 4250 to 4910, the answer after 2900 + 200 + 1500 + 245 + 150
    [2_500, 1_850],
    [8_000, 3_785], // the second filler ends at 7710, the answer is heard from 11495 on
  ])('refused with Retry-After %d: asked again then, and a filler meanwhile', async (retryAfterMs, silenceMs) => {
    const call = answering(throttled(retryAfterMs), { text: THANKS });
    expect(await silenceUntil(call, 15_000)).toBe(silenceMs);
    expect(said(call).at(-1)).toContain(THANKS);
    expect(call.llm.requests).toHaveLength(2);
  });

  it('refused for longer than anybody waits: the apology at once', async () => {
    const call = answering(throttled(14_000));
    expect(await silenceUntil(call, 9_000)).toBe(850); // 500 + 200 + 150
    expect(said(call).at(-1)).toBe(APOLOGY);
  });

  it('refused four times, with growing pauses: a filler, an apology, and the person may go on', async () => {
    const call = answering(...Array.from({ length: 4 }, () => ({ fails: 'at-once' as const })));
    expect(await silenceUntil(call, 9_000)).toBe(1_850);
    expect(said(call).at(-1)).toContain('Sorry, a problem.');
    expect(call.llm.requests).toHaveLength(4);
  });

  it('refused, and the person goes on meanwhile: one turn of both, asked at once', async () => {
    const call = answering(throttled(3_000), { text: THANKS }).says('thank you', 3_840, 480);
    await call.until(9_000);
    expect(said(call)).toEqual(['human: I am fine thank you', `assistant: ${THANKS}`]);
    expect(call.llm.requests).toHaveLength(2);
  });
});

describe('the recogniser', () => {
  const away = (from: Ms, to: Ms): StagedCall => {
    const through = ({ clock, stt }: StagedProviders) => ({ stt: new OutageStt(stt, { clock, from, to }) });
    return caller({ through });
  };

  it('refuses once (401, 429): nobody notices', async () => {
    const call = away(0, 100);
    expect(await silenceUntil(call, 9_000)).toBe(895);
    expect(said(call)).toEqual(['human: I am fine', `assistant: ${THANKS}`]);
  });

  it('refuses for 2 s while the person speaks: a filler, and the sentence is understood as soon as it is back', async () => {
    const call = away(1_500, 3_500);
    expect(await silenceUntil(call, 9_000)).toBe(1_350); // 1200 + 150: the filler, from 3750 to 4410; opened again at 4560
    expect(said(call)).toEqual(['assistant: One moment.', 'human: I am fine', `assistant: ${THANKS}`]);
  });

  it('refuses while something else is said to the person: nobody waits for what they said before', async () => {
    const through = ({ clock, stt }: StagedProviders) => ({ stt: new OutageStt(stt, { clock, from: 1_500, to: Infinity }) });
    const rules = { fillerMs: null, silencePromptMs: 2_500, silenceMs: 60_000 };
    const call = staged({ through, plan: { rules } }).says('I am fine', 1_600, 800).start();
    await call.until(12_000);
    expect(said(call)).toEqual(['assistant: Are you there?']); // at 4900; without it a filler would be due at 6400
  });

  it('refuses for ever: two fillers, then the static script', async () => {
    const call = away(1_500, Infinity);
    expect(await silenceUntil(call, 20_000)).toBe(7_620); // the second filler ends at 7210; given up at 14680, and 150
    expect(said(call)).toEqual(['assistant: One moment.', 'assistant: One moment.', `${APOLOGY} Goodbye.`]);
  });

  it('deaf: replaced when a final transcript is overdue, and hears the sentence anew', async () => {
    const call = staged().says('I am fine', 1_600, 1_280).start();
    await call.until(1_000);
    call.stt.deafen();
    await call.until(9_000);
    expect(longestSilence(call.media, { from: 2_880, to: 4_000 })).toBe(995); // 600 + 245 + 150
    expect(said(call)).toEqual(['human: I am fine', `assistant: ${THANKS}`]);
  });

  it('delayed: a final transcript 1 s late, and no interim one, is waited for', async () => {
    const call = staged({ stt: { finalP99Ms: 1_200 } })
      .says({ text: 'I am fine', interims: false, finalAfterMs: 1_000 }, 1_600, 800)
      .start();
    expect(await silenceUntil(call, 9_000)).toBe(1_395); // 1000 + 245 + 150
  });

  it('stalled after an interim transcript: that is taken', async () => {
    const call = staged().says({ text: 'I am fine', finalAfterMs: null }, 1_600, 800).start();
    expect(await silenceUntil(call, 9_000)).toBe(895);
  });

  it('closed in mid-sentence: opened again, and what was understood until then stays', async () => {
    const call = caller();
    await call.until(2_000);
    call.stt.fail();
    call.stt.expect('thanks');
    expect(await silenceUntil(call, 9_000)).toBe(895);
    expect(said(call)[0]).toBe('human: I am fine thanks');
    expect(call.stt.opened).toBe(2);
  });

  it.each([
    [2_620, 'before the turn is over'],
    [3_000, 'while the answer is thought of'],
    [3_400, 'while it is heard'],
    [5_500, 'after it'],
  ])('a final transcript that comes twice, the second time at %d, %s: nobody said it twice', async (at) => {
    const call = caller();
    await call.until(at);
    call.stt.final('I am fine.');
    expect(await silenceUntil(call, 9_000)).toBe(895);
    expect(said(call)).toEqual(['human: I am fine', `assistant: ${THANKS}`]);
    expect(call.llm.requests).toHaveLength(1);
  });

  it('the same words with a voice of their own are no copy', async () => {
    const call = caller({ answers: ['What?', THANKS] }).says('I am fine', 4_320, 800);
    await call.until(9_000);
    expect(said(call)).toEqual(['human: I am fine', 'assistant: What?', 'human: I am fine', `assistant: ${THANKS}`]);
  });

  it('a late final transcript that says something else: the answer starts again while none of it was heard', async () => {
    const call = staged({ answers: [{ text: 'For to?', ttftMs: 600 }, 'For two.'] });
    call.says({ text: 'book for too', finalText: 'book for two', finalAfterMs: 900 }, 1_600, 800).start();
    expect(await silenceUntil(call, 9_000)).toBe(1_265); // 900 + 200 + one token of 15 + 150
    expect(said(call)).toEqual(['human: book for two', 'assistant: For two.']);
  });

  it('an empty transcript: no turn, and the person is asked after 10 s', async () => {
    const call = staged().says({ text: 'I am fine', interims: false, finalAfterMs: null }, 1_600, 800).start();
    await call.until(2_600);
    call.stt.final('');
    expect(await silenceUntil(call, 20_000)).toBe(10_750); // 600 until no transcript can come, 10 s, 150
    expect(said(call)).toEqual(['assistant: Are you there?']);
  });
});

describe('synthesis', () => {
  it('delayed: a first sound after 2 s is heard that much later', async () => {
    const call = staged({ tts: { ttfbMs: 2_000 } })
      .says('I am fine', 4_800, 800)
      .start();
    await call.until(12_000);
    expect(longestSilence(call.media, { from: 5_600, to: 9_000 })).toBe(2_745); // 500 + 245 + 2000
  });

  it('stalled: given up after 5 s, and tried once more', async () => {
    expect(await silenceUntil(voiced('hangs'), 12_000)).toBe(5_895);
  });

  it('refused (429, 503): tried once more', async () => {
    expect(await silenceUntil(voiced('fails'), 9_000)).toBe(1_045); // 895 + 150
  });

  it('closed in mid-phrase: what was heard is not said again', async () => {
    const call = voiced('breaks-off');
    expect(await silenceUntil(call, 9_000)).toBe(895);
    expect(call.tts.spoken).toHaveLength(2);
  });

  it('an empty answer: tried once more', async () => {
    expect(await silenceUntil(voiced('empty'), 9_000)).toBe(1_045);
  });
});

/** Tells nothing between two times, then all of it at once: the detector's thread died, and loudness takes its place. */
class StuckVad implements VadEngine {
  private readonly engine = new ScriptedVad();

  constructor(
    private readonly from: Ms,
    private readonly to: Ms,
  ) {}

  open(onProbability: (probability: number, windowEndAt: Ms) => void) {
    const late: [number, Ms][] = [];
    const stream = this.engine.open((...window) => void late.push(window));
    const push = (frame: Int16Array, at: Ms): void => {
      stream.push(frame, at);
      if (at >= this.from && at < this.to) return;
      for (const window of late.splice(0)) onProbability(...window);
    };
    return { push, close: () => stream.close() };
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}

describe('a voice detector whose thread dies', () => {
  // the engine notices a late thread after 250 ms (libs/providers: silero-vad-engine)
  it.each([
    [1_500, 'as the person begins'],
    [1_900, 'while they speak'],
    [2_300, 'as they end'],
  ])('at %d, %s: the turn and its times stay', async (from) => {
    const call = caller({ vad: new StuckVad(from, from + 250) });
    expect(await silenceUntil(call, 9_000)).toBe(895);
    expect(said(call)).toEqual(['human: I am fine', `assistant: ${THANKS}`]);
  });

  it('and is not missed for 2 s: the turn ends when it is back', async () => {
    const call = caller({ vad: new StuckVad(1_900, 3_900) });
    expect(await silenceUntil(call, 9_000)).toBe(1_895);
  });

  it('and never comes back in mid-sentence: the longest utterance there may be is a turn', async () => {
    const call = caller({ vad: new StuckVad(1_900, Infinity) });
    expect(await silenceUntil(call, 34_000)).toBe(29_595); // 1600 + 30000 + 245 + 150
  });

  it('before a word: words make a turn without a voice', async () => {
    const call = caller({ vad: new StuckVad(1_500, Infinity) });
    expect(await silenceUntil(call, 9_000)).toBe(595);
    expect(said(call)[1]).toBe(`assistant: ${THANKS}`);
  });
});

describe('an event loop that is blocked for 200 ms', () => {
  const blocked = (at: Ms): StagedCall => {
    const call = caller();
    call.clock.setTimer(at, () => call.clock.block(200));
    return call;
  };

  it('while the agent speaks is not heard', async () => {
    const call = blocked(3_500);
    expect(await silenceUntil(call, 9_000)).toBe(895);
    expect(call.session.stats.underruns).toBe(0);
    const greeting = blocked(600);
    await greeting.until(9_000);
    expect(longestSilence(greeting.media, { from: 170, to: 1_370 })).toBe(0);
  });

  it.each([
    [2_450, 895, 'as the turn ends: the wait counts from the last voiced sample'],
    [2_850, 1_045, 'as the wait is over'],
    [3_150, 950, 'while the answer is on its way'],
  ])('at %d: %d ms (%s)', async (at, silenceMs) => {
    expect(await silenceUntil(blocked(at), 9_000)).toBe(silenceMs);
  });
});
