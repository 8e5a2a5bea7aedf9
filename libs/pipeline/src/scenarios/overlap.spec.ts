import { STAGED_LINES, StagedCall, type ScriptedUtterance } from '@carillon/testing';

/** 63 characters: asked for at 3265, heard from 3415 to 7195. */
const ANSWER = 'I would like to ask you three questions about your house today.';

/** The person makes this sound while the agent speaks. */
function overAnswer(sound: string | ScriptedUtterance, durationMs: number, plan = {}): StagedCall {
  return new StagedCall({ answers: [ANSWER, 'Of course.'], plan }).says('I am fine', 1_600, 800).says(sound, 4_160, durationMs).start();
}

describe('a cough', () => {
  it('that is short holds the agent back for a moment that nobody hears', async () => {
    const call = overAnswer('', 160);
    await call.until(8_000);
    expect(call.media.clears).toEqual([]);
    expect(call.observer.signs).toMatchObject([{ type: 'false-pause', stopped: false, cause: 'noise' }]);
    expect(call.observer.said[2]).toMatchObject({ content: ANSWER, endedAt: 7_195, interrupted: false });
    expect(call.session.stats.underruns).toBe(0);
  });

  it('that is long stops the agent, who goes on from the word before', async () => {
    const call = overAnswer('', 320);
    await call.until(9_000);
    // Stopped at 4420 with 1005 of 3780 ms heard, in "ask": 15 characters make 900 ms. Nothing was understood by 5020: 2880 ms are left.
    expect(call.media.clears).toEqual([4_420]);
    expect(call.heardBetween(4_421, 5_020)).toEqual([]);
    expect(call.media.frames.find(({ at }) => at > 4_420)?.at).toBe(5_020);
    expect(call.observer.signs).toMatchObject([{ type: 'false-pause', stopped: true, cause: 'noise', at: 5_020 }]);
    expect(call.observer.said[2]).toMatchObject({ content: ANSWER, endedAt: 7_900, interrupted: false });
    expect(call.observer.interruptions).toBe(0);
    expect(call.session.stats.underruns).toBe(0);
  });
});

describe('a voice that tells when its words are said', () => {
  /** "like" takes a second: by the characters one would be two words further. The greeting takes as long as ever. */
  const wordMs = (word: string) => (word === 'like' ? 1_000 : ANSWER.split(' ').includes(word) ? 250 : 300);
  const stopped = (sound: ScriptedUtterance, durationMs: number) =>
    new StagedCall({ answers: [ANSWER, 'Of course.'], tts: { wordMs } })
      .says('I am fine', 1_600, 800)
      .says(sound, 4_160, durationMs)
      .start();

  it('is stopped by a cough, and begins again with the word that was cut', async () => {
    const call = stopped({ text: '' }, 320);
    await call.until(9_000);
    // Stopped at 4420 with 1005 ms heard, in "like", which began at 500 of 3750: 163 frames are left at 5020.
    expect(call.media.clears).toEqual([4_420]);
    expect(call.media.frames.find(({ at }) => at > 4_420)?.at).toBe(5_020);
    expect(call.observer.said[2]).toMatchObject({ content: ANSWER, endedAt: 8_280, interrupted: false });
  });

  it('is interrupted, and the history holds the words that were whole', async () => {
    const call = stopped({ text: 'wait a moment', interims: false }, 960);
    await call.until(6_000);
    expect(call.observer.said[2]).toMatchObject({ content: 'I would', interrupted: true });
  });

  it('breaks off within the first word, and has said none', async () => {
    const call = new StagedCall({ answers: [ANSWER], tts: { wordMs, faults: [null, 'breaks-off'] } }).says('I am fine', 1_600, 800).start();
    await call.until(9_000);
    expect(call.heardBetween(3_415, 3_615)).toHaveLength(10); // the 200 ms that there were
    expect(call.observer.transcript).not.toContainEqual(expect.stringContaining('I would'));
  });
});

describe('a backchannel', () => {
  it.each(['mhm', 'yeah', '嗯', '对对对', '好的'])('"%s" never cuts, stands in the transcript, and is not answered', async (text) => {
    const call = overAnswer(text, 480);
    await call.until(12_000);
    expect(call.media.clears).toEqual([]);
    expect(call.observer.interruptions).toBe(0);
    expect(call.llm.requests).toHaveLength(1);
    // the real answer might have followed until 8695
    expect(call.observer.said.slice(2)).toMatchObject([{ content: ANSWER }, { content: text, startedAt: 4_160, endedAt: 4_640 }]);
    expect(call.session.state.history.at(-1)).toEqual({ role: 'user', content: text });
    await call.until(17_200); // ten seconds after the line
    expect(call.tts.spoken.at(-1)).toMatchObject({ at: 17_195, text: STAGED_LINES.stillThere });
  });

  it.each([
    ['Good, thank you very much for that. Shall I call you on Tuesday?', 'right'],
    ['Good, thank you very much for that. Shall I call you on Tuesday?', 'yes'],
    ['好的，非常感谢您的耐心等待和配合。我们星期二上午给您打电话，您看可以吗？', '对'],
  ])('"%s" makes an answer of "%s": 1.5 s after the line, since a better one may follow', async (line, text) => {
    const call = new StagedCall({ answers: [line, 'Of course.'] }).says('I am fine', 1_600, 800).says(text, 4_160, 320).start();
    await call.until(12_000);
    const endedAt = call.observer.said[2]?.endedAt ?? 0;
    expect(endedAt).toBeGreaterThan(4_480 + 300);
    expect(call.tts.spoken.at(-1)).toMatchObject({ at: endedAt + 1_500 + 200 + 15, text: 'Of course.' });
    expect(call.llm.requests[1]?.messages.at(-1)).toEqual({ role: 'user', content: text });
  });

  it('that ends after the line is noted as well, and the model is not asked early; one that sets in with its last syllables is an answer', async () => {
    const [before, within] = await Promise.all(
      [6_400, 6_560].map(async (at) => {
        // asked early, the answer is heard from 3050 to 6830
        const call = new StagedCall({ answers: [ANSWER], plan: { rules: { speculation: 'model' } } });
        call.says('I am fine', 1_600, 800).says('okay', at, 480).start();
        return call.until(10_000);
      }),
    );
    expect(before?.llm.requests).toHaveLength(1);
    expect(before?.observer.said.at(-1)).toMatchObject({ content: 'okay', startedAt: 6_400, endedAt: 6_880 });
    expect(within?.llm.requests).toHaveLength(2);
  });

  it('and then something else: one turn, which is answered', async () => {
    const call = overAnswer('mhm', 480).says('Tuesday', 8_000, 480);
    await call.until(10_000);
    expect(call.observer.transcript.slice(3)).toEqual(['human: mhm Tuesday', 'assistant: Of course.']);
  });

  it('and something else later: two turns, of which the second is answered', async () => {
    const call = overAnswer('mhm', 480).says('Tuesday', 9_600, 480);
    await call.until(12_000);
    expect(call.observer.transcript.slice(3)).toEqual(['human: mhm', 'human: Tuesday', 'assistant: Of course.']);
  });

  it('whose final transcript comes twice stands there once', async () => {
    const call = overAnswer('mhm', 480);
    await call.until(9_000);
    call.stt.final('mhm');
    await call.until(12_000);
    expect(call.observer.transcript.slice(3)).toEqual(['human: mhm']);
    expect(call.llm.requests).toHaveLength(1);
  });

  it('is an answer where its voice had cut the agent off before a word of it was understood', async () => {
    const call = overAnswer({ text: 'yeah', interims: false }, 960);
    await call.until(8_000);
    expect(call.observer.interruptions).toBe(1);
    expect(call.llm.requests[1]?.messages.at(-1)).toEqual({ role: 'user', content: 'yeah' });
  });

  it('that is understood late lets the agent go on as soon as it is', async () => {
    const call = overAnswer({ text: 'yeah', interims: false }, 320);
    await call.until(9_000);
    expect(call.media.clears).toEqual([4_420]);
    expect(call.observer.signs).toMatchObject([{ stopped: true, cause: 'backchannel', at: 4_680 }]); // final 200 ms after the end
    expect(call.observer.said[2]).toMatchObject({ content: ANSWER, interrupted: false });
  });

  it('does not count together with words from before', async () => {
    // "hello" at pick-up was left unanswered; with "mhm" it would make two words
    const call = new StagedCall({ answers: [ANSWER], plan: { rules: { overlapWaitMs: 60_000 } } });
    call.says('hello', 320, 480).says('I am fine', 1_600, 800).says('mhm', 4_160, 320).start();
    await call.until(7_000);
    expect(call.media.clears).toEqual([]);
  });
});

describe('an echo of our own words', () => {
  it('does not cut, is nobody\u2019s turn, and is counted', async () => {
    const call = overAnswer('ask you three questions', 960);
    await call.until(12_000);
    expect(call.media.clears).toEqual([]);
    expect(call.observer.transcript.slice(1)).toEqual(['human: I am fine', `assistant: ${ANSWER}`]);
    expect(call.observer.signs.filter(({ type }) => type === 'echo')).toMatchObject([{ missed: true }]);
    expect(call.llm.requests).toHaveLength(1);
  });

  it('that a meter recognises by its sound is no voice at all', async () => {
    const echo = { played: () => undefined, heard: (frame: Int16Array) => ((frame[0] ?? 0) > 0 ? 0.9 : 0) };
    const call = new StagedCall({ echo }).says('', 320, 960).start();
    await call.until(1_200);
    expect(call.session.state.user.name).toBe('silent');
  });

  it('that a meter recognises is none that it missed, though the recogniser hears it', async () => {
    const echo = { played: () => undefined, heard: (frame: Int16Array) => ((frame[0] ?? 0) > 0 ? 0.9 : 0) };
    const call = new StagedCall({ echo }).says('hello this is adam', 320, 640).start();
    await call.until(3_000);
    expect(call.observer.signs).toMatchObject([{ type: 'echo', missed: false }]);
  });

  it('makes the first moments of our next lines safe from a voice that is ours', async () => {
    // The second answer is heard from 9465 on; the voice sets in at 9600.
    const second = 'Let me tell you something about all of it now.';
    const clears = await Promise.all(
      [300, 0].map(async (echoMaskMs) => {
        const call = new StagedCall({ answers: [ANSWER, second], plan: { rules: { echoMaskMs } } }).says('I am fine', 1_600, 800);
        call.says('ask you three questions', 4_160, 960).says('continue please', 8_000, 480).says('', 9_600, 480).start();
        await call.until(12_000);
        return call.media.clears;
      }),
    );
    expect(clears).toEqual([[], [9_860]]);
  });
});

it('words that the person said before we repeat them are theirs, however late they are understood', async () => {
  const call = new StagedCall({ plan: { lines: { ...STAGED_LINES, stillThere: 'Three questions about your house then.' } } });
  call.says({ text: '', finalAfterMs: null }, 10_240, 480).start();
  await call.until(22_400); // the question is heard from about 21 s on
  call.stt.final('three questions about your house');
  await call.until(23_500);
  expect(call.observer.signs.filter(({ type }) => type === 'echo')).toEqual([]);
});

describe('a voice that says nothing while the answer is thought of', () => {
  /** Committed at 2900; "One moment." is heard from 4250 to 4910. */
  it.each([
    ['cuts the filler', 4_640, 960],
    ['sets in while the filler is heard, and is long', 4_800, 960],
    ['sets in when the filler is over', 4_880, 160],
    ['comes later', 5_280, 160],
  ])('and %s is no reason to forget the answer', async (_when, at, durationMs) => {
    const call = new StagedCall({ answers: [{ hangs: 'at-once' }, 'Here I am.'] });
    await call.says('I am fine', 1_600, 800).says('', at, durationMs).start().until(10_000);
    expect(call.observer.transcript.at(-1)).toMatch(/^assistant: .*Here I am\.$/);
    expect(call.llm.requests).toHaveLength(2);
  });

  it('and comes after a tool has run is none either', async () => {
    const answers = [{ calls: [{ name: 'updated_claim', arguments: { updates: [] } }] }, { text: 'Here I am.', ttftMs: 2_000 }];
    const call = new StagedCall({ answers, fields: [{ name: 'phone', type: 'text' }] });
    await call.says('I am fine', 1_600, 800).says('', 3_680, 160).start().until(10_000);
    expect(call.observer.transcript.at(-1)).toBe('assistant: One moment. Here I am.');
    expect(call.llm.requests).toHaveLength(2);
  });

  it('and comes before a word of the apology was heard does not make us keep it to ourselves', async () => {
    const call = new StagedCall({ answers: [{ hangs: 'at-once' }] });
    await call.says('I am fine', 1_600, 800).says('', 17_920, 160).start().until(20_000);
    expect(call.observer.transcript.at(-1)).toBe('assistant: Sorry, a problem.');
  });
});

describe('a voice that takes the floor', () => {
  it('and says nothing gives it back: the agent says the rest', async () => {
    const call = overAnswer('', 960);
    await call.until(10_000);
    // Stopped at 4420, cut at 4880. The voice ends at 5120; 600 ms later no word can come any more.
    expect(call.observer.interruptions).toBe(1);
    expect(call.tts.spoken.at(-1)).toMatchObject({ at: 5_720, text: 'ask you three questions about your house today.' });
    expect(call.observer.transcript.slice(2)).toEqual([
      'assistant: I would like to',
      'assistant: ask you three questions about your house today.',
    ]);
    expect(call.llm.requests).toHaveLength(1);
  });

  it('and begins with a word that we just said stops the sound no later', async () => {
    const call = new StagedCall({ answers: [ANSWER, 'Of course.'], stt: { interimEveryMs: 300 } });
    call.says('I am fine', 1_600, 960).says('house calls cost how much', 4_320, 1_600).start();
    await call.until(6_000);
    // "house" is understood at 4620, the second word at 4920; the voice has lasted 250 ms with the frame of 4580
    expect(call.media.clears).toEqual([4_580]);
    expect(call.observer.interruptions).toBe(1);
  });

  it('with one word that is no backchannel stops the sound at once, and has the floor when nothing else comes', async () => {
    const call = overAnswer('Tuesday', 320);
    await call.until(4_270);
    expect(call.media.clears).toEqual([4_260]);
    expect(call.observer.interruptions).toBe(0);
    await call.until(4_900); // 4260 + 600
    expect(call.observer.interruptions).toBe(1);
    await call.until(8_000);
    expect(call.llm.requests[1]?.messages.at(-1)).toEqual({ role: 'user', content: 'Tuesday' });
  });

  it.each(['等一下', '不用了谢谢', '多少钱'])('in Chinese: %s', async (text) => {
    const call = overAnswer(text, 640);
    await call.until(6_000);
    expect(call.media.clears).toEqual([4_260]);
    expect(call.observer.interruptions).toBe(1);
  });
});
