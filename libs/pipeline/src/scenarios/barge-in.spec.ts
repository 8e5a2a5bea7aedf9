import { ScriptedVad, STAGED_LINES, StagedCall } from '@carillon/testing';
import type { Ms, VadEngine } from '../index.js';

/** 63 characters: asked for at 3265, heard from 3415 to 7195. */
const ANSWER = 'I would like to ask you three questions about your house today.';

const voices = { level: (ordinal: number) => 2_000 + ordinal };

function callWithAnswer(): StagedCall {
  return new StagedCall({ answers: [ANSWER, 'Of course.'], tts: voices }).says('I am fine', 1_600, 800).start();
}

/** Is sure of a voice this many windows after its sound set in, and says when it did. */
class LateVad implements VadEngine {
  constructor(
    private readonly lateWindows: number,
    private readonly judge: (windowEndAt: Ms) => number = () => 0.95,
  ) {}

  open(onProbability: (probability: number, windowEndAt: Ms, soundAt: Ms | null) => void) {
    let soundAt: Ms | null = null;
    let windows = 0;
    return new ScriptedVad().open((probability, windowEndAt) => {
      soundAt = probability < 0.5 ? null : (soundAt ?? windowEndAt - 32);
      windows = soundAt === null ? 0 : windows + 1;
      onProbability(windows > this.lateWindows ? Math.min(probability, this.judge(windowEndAt)) : 0.02, windowEndAt, soundAt);
    });
  }

  close = () => Promise.resolve();
}

function stoppedBy(vad: VadEngine): StagedCall {
  const wordless = { text: 'sorry to stop you', interims: false };
  return new StagedCall({ answers: [ANSWER], tts: voices, vad }).says('I am fine', 1_600, 800).says(wordless, 4_160, 960).start();
}

describe('barge-in', () => {
  it('stops the agent after 250 ms of voice, and the history holds only what was heard', async () => {
    const call = callWithAnswer().says({ text: 'wait a moment', interims: false }, 4_160, 960);
    await call.until(6_000);

    // The eighth window ends at 4416 and comes with the frame of 4420. 1005 of 3780 ms were heard: 16 of 63 characters. No word is known when
    // the voice has lasted 700 ms, with the frame of 4880: then the agent gives the floor away.
    expect(call.media.clears).toEqual([4_420]);
    expect(call.observer.interruptions).toBe(1);
    expect(call.observer.said[2]).toMatchObject({ content: 'I would like to', interrupted: true, endedAt: 4_880 });
    expect(call.llm.requests.at(-1)?.messages.slice(1)).toEqual([
      { role: 'assistant', content: 'Hello, this is Adam.' },
      { role: 'user', content: 'I am fine' },
      { role: 'assistant', content: 'I would like to' },
      { role: 'user', content: 'wait a moment' },
    ]);
  });

  it('counts a first consonant of which the detector is not sure', async () => {
    const call = stoppedBy(new LateVad(4)); // 128 ms: "s"
    await call.until(6_000);
    expect(call.media.clears).toEqual([4_420]);
  });

  it('does not count a sound that set in long before the voice', async () => {
    const call = stoppedBy(new LateVad(11)); // 352 ms; the voice is there from 4512 on
    await call.until(6_000);
    expect(call.media.clears).toEqual([4_780]);
  });

  it('counts no sound of ours for the person’s', async () => {
    // 192 ms of echo that the meter knows, and 128 ms of it that it lets pass
    const echo = { played: () => undefined, heard: (frame: Int16Array, at: Ms) => (at > 4_160 && at <= 4_352 && frame[0] !== 0 ? 0.9 : 0) };
    const call = new StagedCall({ answers: [ANSWER], tts: voices, vad: new LateVad(0), echo }).says('I am fine', 1_600, 800);
    call.says('', 4_160, 320).start();
    await call.until(8_000);
    expect(call.observer.signs).toContainEqual(expect.objectContaining({ type: 'false-pause', stopped: false }));
    expect(call.media.clears).toEqual([]);
  });

  it('may stop the greeting after its first second, though a sound was there before', async () => {
    const greeting = 'Hello, this is Adam, and I call you on behalf of Contoso, who sent you a letter some days ago.';
    const call = new StagedCall({ plan: { lines: { ...STAGED_LINES, greeting } }, vad: new LateVad(5) });
    call.says({ text: 'sorry', interims: false }, 1_120, 960).start(); // the greeting is heard from 170 on, the voice from 1280, its sound from 1120
    await call.until(3_000);
    expect(call.media.frames[0]?.at).toBe(170);
    expect(call.media.clears).toEqual([1_380]);
  });

  it('counts what follows a pause by itself', async () => {
    // 128 ms of voice, 96 ms of a sound that is none, 128 ms of voice
    const sound = (windowEndAt: Ms) => (windowEndAt > 4_288 && windowEndAt <= 4_384 ? 0.02 : 0.95);
    const call = stoppedBy(new LateVad(0, sound));
    await call.until(4_520);
    expect(call.media.clears).toEqual([]);
  });

  it('takes more than a moment of voice after a sound that was none', async () => {
    const call = new StagedCall({ answers: [ANSWER], tts: voices, vad: new LateVad(8) })
      .says('I am fine', 1_600, 800)
      .says('', 4_160, 320) // two windows of it pass for voice
      .start();
    await call.until(8_000);
    expect(call.media.clears).toEqual([]);
  });

  it('sends nothing of the old answer any more', async () => {
    const call = callWithAnswer().says('wait a moment', 4_160, 960);
    await call.until(9_000);
    // "wait" is understood with the frame of 4260
    expect(call.media.clears).toEqual([4_260]);
    expect(new Set(call.heardBetween(3_415, 4_261))).toEqual(new Set([2_001]));
    expect(new Set(call.heardBetween(4_261, 9_000))).toEqual(new Set([2_002]));
    expect(call.tts.cancelled).toBeLessThanOrEqual(1);
  });

  it('counts as a turn, not as an exchange: the person did not hear the line out', async () => {
    const call = callWithAnswer().says('wait a moment', 4_160, 960);
    await call.until(6_000);
    expect(call.session.state.exchanges).toBe(1);
  });

  it('is not caused by a cough', async () => {
    const call = callWithAnswer().says('', 4_160, 160);
    await call.until(8_000);
    expect(call.media.clears).toEqual([]);
    expect(call.observer.transcript.at(-1)).toBe(`assistant: ${ANSWER}`);
    expect(call.llm.requests).toHaveLength(1);
  });

  it('is not caused by a short "yes", which is a sign of listening', async () => {
    const call = callWithAnswer().says('yes', 4_160, 160);
    await call.until(10_000);
    expect(call.media.clears).toEqual([]);
    expect(call.llm.requests).toHaveLength(1);
    expect(call.observer.transcript.at(-1)).toBe('human: yes');
    expect(call.session.state.exchanges).toBe(1);
  });

  it('is not caused by a "yes" on the last syllables, which is answered as soon as any other', async () => {
    const call = callWithAnswer().says('yes', 7_040, 160);
    await call.until(7_700); // 7200 + 500
    expect(call.media.clears).toEqual([]);
    expect(call.llm.requests[1]?.messages.at(-1)).toEqual({ role: 'user', content: 'yes' });
    expect(call.session.state.exchanges).toBe(2); // begun within the last 250 ms of a line that was heard out
  });

  it('before a whole word was heard leaves nothing of the answer, and both utterances to the model', async () => {
    const call = new StagedCall({ answers: ['Unfortunately I have no idea about that at all.', 'Of course.'] });
    call.says('I am Ann', 1_600, 800).says('Ann Lee', 3_360, 640).start();
    await call.until(5_000);
    // Audio from 3370 on; the first word stops it at 3460, the second gives the floor away, with one character heard.
    expect(call.media.clears).toEqual([3_460]);
    expect(call.llm.requests.at(-1)?.messages.slice(2)).toEqual([
      { role: 'user', content: 'I am Ann' },
      { role: 'user', content: 'Ann Lee' },
    ]);
  });

  it('does not stop the goodbye', async () => {
    const goodbye = { text: ANSWER, calls: [{ name: 'end_call', arguments: { reason: 'done' } }] };
    const call = new StagedCall({ answers: [goodbye] }).says('I am fine', 1_600, 800).says('wait a moment', 4_160, 960).start();
    await call.until(9_000);
    expect(call.observer.hangUps).toEqual([{ at: 7_195, reason: 'agent_closed' }]);
    expect(call.observer.transcript.slice(-2)).toEqual([`assistant: ${ANSWER}`, 'human: wait a moment']);
  });
});

describe('a person who goes on while the answer is being thought of', () => {
  it('has one turn, and the first answer is never heard', async () => {
    const call = new StagedCall({ answers: ['What is your name please?', 'Hello Ann.'] });
    call.says('I am called', 1_600, 800).says('Ann Lee', 3_040, 480).start();
    await call.until(6_000);
    // Over at 2900; speech again is certain with the frame of 3140, the first token came at 3100.
    expect(call.llm.requests).toHaveLength(2);
    expect(call.llm.aborted).toBe(1);
    expect(call.observer.transcript).toEqual(['assistant: Hello, this is Adam.', 'human: I am called Ann Lee', 'assistant: Hello Ann.']);
    expect(call.observer.said[1]).toMatchObject({ startedAt: 1_600, endedAt: 3_520 });
    expect(call.session.state.exchanges).toBe(1);
  });

  it('is answered all the same when it was only a noise', async () => {
    const call = new StagedCall().says('my name is Ann', 1_600, 800).says('', 3_040, 160).start();
    await call.until(6_000);
    expect(call.observer.transcript.slice(1)).toEqual(['human: my name is Ann', 'assistant: All right.']);
  });
});
