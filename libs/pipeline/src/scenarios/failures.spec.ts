import { OutageStt, STAGED_LINES, StagedCall, type StagedCallOptions, type StagedProviders } from '@carillon/testing';

const APOLOGY = 'assistant: Sorry, a problem.';

describe('the model', () => {
  it('that never answers: a filler after 1.2 s and after 4 s, an apology after 15 s, and the end when it happens again', async () => {
    const call = new StagedCall({ answers: () => ({ hangs: 'at-once' }) });
    call.says('I am fine', 1_600, 800).says('are you there', 24_000, 800).start();
    await call.until(60_000);
    expect(call.tts.spoken.map(({ text, at }) => [at, text])).toEqual([
      [20, 'Hello, this is Adam.'],
      [4_100, 'One moment.'],
      [6_900, 'One moment.'],
      [17_900, 'Sorry, a problem.'],
      [26_500, 'One moment.'],
      [29_300, 'One moment.'],
      [40_300, 'Sorry, a problem.'],
      [40_700, 'Goodbye.'], // its audio is there while the apology is heard
    ]);
    expect(call.observer.hangUps).toMatchObject([{ reason: 'provider_failure' }]);
    expect(call.llm.aborted).toBe(2);
  });

  it('that fails once is asked again', async () => {
    const call = new StagedCall({ answers: [{ fails: 'at-once' }, 'Here I am.'] }).says('I am fine', 1_600, 800).start();
    await call.until(6_000);
    expect(call.observer.transcript.at(-1)).toBe('assistant: Here I am.');
    expect(call.observer.errors).toEqual([{ message: 'scripted model failure', stage: 'llm' }]);
  });

  it('that fails four times is apologised for, and the person may try again', async () => {
    const fails = Array.from({ length: 4 }, () => ({ fails: 'at-once' as const }));
    const call = new StagedCall({ answers: [...fails, 'Here I am.'], plan: { rules: { fillerMs: null } } });
    call.says('I am fine', 1_600, 800).says('hello', 8_000, 800).start();
    await call.until(12_000);
    expect(call.observer.transcript.slice(1)).toEqual(['human: I am fine', APOLOGY, 'human: hello', 'assistant: Here I am.']);
    expect(call.session.state.failures).toBe(0);
  });

  it('that fails in mid-answer: what it had begun is said, then the apology', async () => {
    const call = new StagedCall({ answers: [{ text: 'First of all, I must say. And then', fails: 'after-text' }] });
    call.says('I am fine', 1_600, 800).start();
    await call.until(8_000);
    expect(call.observer.transcript.at(-1)).toBe('assistant: First of all, I must say. Sorry, a problem.');
    expect(call.llm.requests).toHaveLength(1);
  });

  it('that says nothing at all counts as failed', async () => {
    const call = new StagedCall({ answers: ['', '', '', ''] }).says('I am fine', 1_600, 800).start();
    await call.until(8_000);
    expect(call.observer.transcript.at(-1)).toBe(APOLOGY);
  });
});

describe('synthesis', () => {
  it('that fails is tried once more', async () => {
    const call = new StagedCall({ tts: { faults: ['fails'] } }).start();
    await call.until(3_000);
    expect(call.observer.transcript).toEqual(['assistant: Hello, this is Adam.']);
    expect(call.observer.errors).toMatchObject([{ stage: 'tts' }]);
  });

  it('that breaks off is not repeated: what there was of it was heard', async () => {
    const call = new StagedCall({ tts: { faults: ['breaks-off'] } }).start();
    await call.until(3_000);
    // 200 ms of audio for 20 characters at an estimated 65 ms each: 3 characters, not a whole word.
    expect(call.tts.spoken).toHaveLength(1);
    expect(call.media.frames).toHaveLength(10);
    expect(call.observer.transcript).toEqual([]);
  });

  it('that is dead ends the call', async () => {
    const call = new StagedCall({ tts: { faults: Array.from({ length: 20 }, () => 'empty' as const) } }).start();
    await call.until(30_000);
    expect(call.observer.hangUps).toMatchObject([{ reason: 'provider_failure' }]);
  });

  it('that hangs is given up after 5 s', async () => {
    const call = new StagedCall({ tts: { faults: ['hangs'] } }).start();
    await call.until(8_000);
    expect(call.media.frames[0]?.at).toBe(5_170); // 20 + 5000 + 150
    expect(call.observer.errors).toMatchObject([{ message: 'Speech synthesis stalled', stage: 'tts' }]);
  });

  it('gives its leading silence away', async () => {
    const call = new StagedCall({ tts: { leadingSilenceMs: 200 } }).start();
    await call.until(3_000);
    expect(call.media.frames[0]?.at).toBe(220); // the voice comes with the second chunk, 50 ms later
    expect(call.media.frames).toHaveLength(60);
  });
});

describe('the recogniser', () => {
  it('that breaks is opened again, and no audio of the pause is lost', async () => {
    const call = new StagedCall().start();
    await call.until(2_000);
    call.stt.fail();
    await call.until(3_000);
    expect(call.stt.opened).toBe(2);
    expect(call.stt.framesIn).toBe(call.session.stats.framesIn + 100); // of the first two seconds nobody knows what was lost
    call.says('I am fine', 3_200, 800);
    await call.until(6_000);
    expect(call.observer.transcript.at(-1)).toBe('assistant: All right.');
    expect(call.session.state.stt.failures).toBe(0);
    expect(call.observer.news).toMatchObject([
      { type: 'recogniser-reopened', cause: 'failed' },
      { type: 'recognised', confidence: 0.9 },
      { type: 'tokens', outputTokens: 2 },
    ]);
  });

  const away = (from: number, to: number) => {
    const outages: OutageStt[] = [];
    const through = ({ clock, stt }: StagedProviders) => ({ stt: (outages[0] = new OutageStt(stt, { clock, from, to })) });
    return { call: new StagedCall({ through }), refusedAt: () => outages[0]?.refusedAt };
  };

  it('that does not come back ends the call with an apology after some 15 s', async () => {
    const { call, refusedAt } = away(2_000, Infinity);
    call.start();
    await call.until(22_000);
    // pauses of 200, 400, 800 and 1600 ms, then of 2 s; each refusal takes 20
    expect(refusedAt()).toEqual([2_200, 2_620, 3_440, 5_060, 7_080, 9_100, 11_120, 13_140, 15_160]);
    expect(call.observer.transcript.at(-1)).toContain('Sorry, a problem. Goodbye.');
    expect(call.observer.hangUps).toMatchObject([{ reason: 'provider_failure' }]);
  });

  it('that is away for ten seconds does not end the call, and what was said last in it is understood', async () => {
    const { call } = away(1_500, 11_500);
    call.says('I am fine', 10_240, 800).start();
    await call.until(16_000);
    expect(call.observer.hangUps).toEqual([]);
    expect(call.observer.transcript.slice(1)).toEqual(['assistant: One moment.', 'human: I am fine', 'assistant: All right.']);
    expect(call.session.state.stt.failingSince).toBeNull();
  });

  it('that breaks now and then in a long call begins anew each time', async () => {
    const call = new StagedCall({ plan: { rules: { silencePromptMs: 300_000, silenceMs: 300_000 } } }).start();
    for (const at of [5_000, 40_000, 75_000, 110_000, 145_000]) {
      await call.until(at);
      call.stt.fail();
    }
    await call.until(150_000);
    expect(call.stt.opened).toBe(6);
    expect(call.observer.hangUps).toEqual([]);
  });

  it('that breaks again and again is given 15 s in all without a stream, however long it works between', async () => {
    const call = new StagedCall({ plan: { rules: { silencePromptMs: 300_000, silenceMs: 300_000 } } }).start();
    let at = 2_000;
    for (const pauseMs of [200, 400, 800, 1_600, 2_000, 2_000, 2_000, 2_000, 2_000, 2_000]) {
      await call.until(at);
      call.stt.fail();
      at += pauseMs + 4_000;
    }
    await call.until(at);
    expect([at, call.stt.opened, call.session.state.phase.name]).toEqual([57_000, 11, 'dialog']);
    call.stt.fail();
    expect(call.session.state.phase.name).toBe('closing');
  });

  it('that is back has its time, and what was said before it broke again is not waited for: no filler comes out of the blue', async () => {
    const { call } = away(1_500, 2_600);
    call.says('', 1_600, 1_280).start();
    await call.until(7_000);
    expect(call.observer.transcript.slice(1)).toEqual(['assistant: One moment.']); // 2880 + 1200; the second one, at 6880, is not needed any more
    call.stt.fail();
    await call.until(9_000);
    expect(call.observer.transcript.slice(1)).toEqual(['assistant: One moment.']);
  });

  it('that says of a voice that it was nothing is not failing: nobody is told to wait', async () => {
    const call = new StagedCall().says('', 1_600, 1_600).start();
    await call.until(3_300);
    call.stt.interim('');
    await call.until(8_000);
    expect([call.stt.opened, call.observer.signs]).toEqual([1, []]);
    expect(call.observer.transcript).toHaveLength(1);
  });

  describe('that goes deaf in mid-call', () => {
    const answers = ['Good. And how many are you?', 'For two.', 'At nine.'];
    const deaf = async (options: StagedCallOptions = {}) => {
      const call = new StagedCall({ answers, ...options }).says('I am fine', 1_600, 800).start();
      await call.until(6_000);
      call.stt.deafen();
      return call;
    };

    it('is replaced, and the sentence that it did not hear is understood', async () => {
      const call = (await deaf()).says('we are two', 6_400, 1_280);
      await call.until(11_000);
      expect([call.stt.opened, call.stt.foundDeaf]).toEqual([2, 0]); // nobody is charged for what happens once
      expect(call.observer.signs).toMatchObject([{ type: 'deaf-recogniser', at: 8_280 }]); // 7680 + 600 in which a final one comes
      expect(call.observer.transcript.slice(-2)).toEqual(['human: we are two', 'assistant: For two.']);
      expect(call.llm.requests).toHaveLength(2);
    });

    it('is replaced while the person goes on and on', async () => {
      const call = (await deaf()).says('I have a long story', 6_400, 8_000);
      await call.until(11_500);
      expect(call.observer.signs).toMatchObject([{ type: 'deaf-recogniser', at: 11_440 }]); // 157 windows of 32 ms, with their frame
      await call.until(18_000);
      expect(call.observer.transcript.slice(-2)).toEqual(['human: I have a long story', 'assistant: For two.']);
    });

    it('is not for coughs', async () => {
      const call = await deaf();
      for (const at of [6_400, 8_000, 9_600]) call.says('', at, 480);
      await call.until(12_000);
      expect(call.stt.opened).toBe(1);
    });

    it('is replaced ever less often where nothing that is said is speech', async () => {
      const call = await deaf({ plan: { rules: { maxSilencePrompts: 100 } } });
      for (let at = 8_000; at < 88_000; at += 4_000) call.says('', at, 1_600);
      await call.until(90_000);
      expect(call.stt.opened).toBe(5); // of twenty: after 1, 2, 4 and 8 more
      expect(call.stt.foundDeaf).toBe(3); // the first time it may be what is said, not the service
      // once, when the first stream was replaced: the next ones had their time, and nobody is kept waiting by a television
      expect(call.observer.transcript.filter((line) => line === 'assistant: One moment.')).toHaveLength(1);
    });
  });
});

describe('nothing works any more: the static script', () => {
  const lines = { ...STAGED_LINES, callbackOffer: 'Press 1 for another call.', callbackTaken: 'We will call. Goodbye.' };
  const rules = { sttOutageMs: 2_000 };
  const outage = async (more: { callbackOffer?: boolean } = {}) => {
    const call = new StagedCall({ plan: { lines, rules: { ...rules, ...more } } }).start();
    for (const at of [2_000, 3_000, 4_000, 5_000]) {
      await call.until(at);
      call.stt.fail();
    }
    await call.until(8_000); // 5000 + 150 + 17 × 60: the apology, and 25 × 60 of the offer, until 7670
    return call;
  };

  it('offers another call; a person who presses 1 is promised one', async () => {
    const call = await outage();
    call.session.onTone('5');
    call.session.onTone('1');
    call.session.onTone('1');
    await call.until(12_000);
    expect(call.observer.callbacksAsked).toBe(1);
    expect(call.observer.transcript.slice(1)).toEqual([`${APOLOGY} Press 1 for another call.`, 'assistant: We will call. Goodbye.']);
    expect(call.observer.hangUps).toEqual([{ at: 9_470, reason: 'provider_failure' }]); // 8000 + 150 + 22 × 60
  });

  it('may be answered before it is said to its end', async () => {
    const call = new StagedCall({ plan: { lines, rules } }).start();
    for (const at of [2_000, 3_000, 4_000, 5_000]) {
      await call.until(at);
      call.stt.fail();
    }
    await call.until(6_500);
    call.session.onTone('1');
    await call.until(12_000);
    expect(call.observer.callbacksAsked).toBe(1);
    expect(call.observer.transcript.at(-1)).toBe('assistant: We will call. Goodbye.');
  });

  it('waits six seconds for the key, and ends politely', async () => {
    const call = await outage();
    await call.until(20_000);
    expect(call.observer.callbacksAsked).toBe(0);
    expect(call.observer.transcript.at(-1)).toBe('assistant: Goodbye.');
    expect(call.observer.hangUps).toEqual([{ at: 14_300, reason: 'provider_failure' }]); // 7670 + 6000 + 150 + 8 × 60
  });

  it('offers nothing where the campaign does not call back', async () => {
    const call = await outage({ callbackOffer: false });
    await call.until(20_000);
    expect(call.observer.transcript.at(-1)).toBe(`${APOLOGY} Goodbye.`);
    expect(call.observer.hangUps).toMatchObject([{ reason: 'provider_failure' }]);
  });

  it('says goodbye where the offer itself cannot be said: nobody is waited for who does not know what to press', async () => {
    const call = new StagedCall({ plan: { lines, rules }, tts: { faults: [null, null, 'fails', 'fails'] } }).start();
    for (const at of [2_000, 3_000, 4_000, 5_000]) {
      await call.until(at);
      call.stt.fail();
    }
    await call.until(12_000);
    expect(call.observer.transcript.slice(1)).toEqual([APOLOGY, 'assistant: Goodbye.']);
    expect(call.observer.hangUps).toEqual([{ at: 6_800, reason: 'provider_failure' }]); // 5000 + 150 + 17 × 60, then 150 + 8 × 60
  });

  it('ends at once where nobody can hear it: no key is waited for', async () => {
    const call = new StagedCall({ plan: { lines }, tts: { faults: Array.from({ length: 40 }, () => 'fails' as const) } }).start();
    await call.until(3_000);
    expect(call.observer.hangUps).toMatchObject([{ reason: 'provider_failure' }]);
  });
});

describe('the offer of another call, where the recogniser still works', () => {
  const OFFER = `${APOLOGY} Press 1 for another call.`;
  /**
   * The model fails at both turns. The second one ends at 7200: 500 of wait, 400 for two tries that fail, 150 until the apology is heard, from 8250 to
   * 9270, and the offer until 10770.
   */
  const outage = (line = 'Press 1 for another call.', language = 'en-US') => {
    const lines = { ...STAGED_LINES, callbackOffer: line, callbackTaken: 'We will call. Goodbye.' };
    const fails = Array.from({ length: 4 }, () => ({ fails: 'at-once' as const }));
    const rules = { maxModelTries: 2, modelRetryMs: 0 }; // the pauses would only move all that follows
    const call = new StagedCall({ answers: fails, plan: { lines, language, rules } });
    return call.says('I am fine', 1_600, 800).says('hello', 6_400, 800);
  };

  it.each([
    ['yes', 'en-US'],
    ['Yes, please.', 'en-US'],
    ['好的，谢谢。', 'zh-CN'],
    ['oui, bien sûr', 'fr-FR'],
  ])('is taken by who says "%s"', async (words, language) => {
    const call = outage(undefined, language).says(words, 11_200, 480).start();
    await call.until(16_000);
    expect(call.observer.callbacksAsked).toBe(1);
    expect(call.observer.transcript.slice(-3)).toEqual([OFFER, 'assistant: We will call. Goodbye.', `human: ${words}`]);
    expect(call.observer.hangUps).toMatchObject([{ reason: 'provider_failure' }]);
  });

  it('ends with the goodbye as soon as a no is over', async () => {
    const call = outage().says('no thank you', 11_200, 480).start();
    await call.until(20_000);
    expect(call.observer.callbacksAsked).toBe(0);
    expect(call.observer.transcript.slice(-2)).toEqual(['assistant: Goodbye.', 'human: no thank you']);
    expect(call.observer.hangUps).toEqual([{ at: 12_810, reason: 'provider_failure' }]); // 11680 + 500 + 150 + 8 × 60
  });

  it.each(['', 'mhm', 'okay', 'yes or no', 'no yes', 'yes but who are you', 'what do you mean'])(
    'is neither taken nor refused by "%s": six seconds for the key',
    async (words) => {
      const call = outage().says(words, 11_200, 480).start();
      await call.until(20_000);
      expect(call.observer.callbacksAsked).toBe(0);
      expect(call.observer.transcript).toContain('assistant: Goodbye.');
      expect(call.observer.hangUps).toEqual([{ at: 17_400, reason: 'provider_failure' }]); // 10770 + 6000 + 150 + 8 × 60
    },
  );

  it('may be answered while it is said; what was said to the apology is no answer', async () => {
    const early = outage().says('yes', 8_320, 480).start();
    const over = outage().says('yes', 9_440, 480).start();
    await Promise.all([early.until(20_000), over.until(20_000)]);
    expect(early.observer.callbacksAsked).toBe(0);
    expect(over.observer.callbacksAsked).toBe(1);
    expect(over.observer.hangUps).toEqual([{ at: 11_890, reason: 'provider_failure' }]); // 9920 + 500 + 150 + 22 × 60
  });

  it('is not answered by its own echo, where it names the word', async () => {
    const say = 'Press 1 or say yes.';
    const echo = outage(say).says('yes', 10_080, 480).start();
    await echo.until(20_000);
    expect(echo.observer.callbacksAsked).toBe(0);
    const person = outage(say).says('yes', 10_080, 480).says('yes', 11_200, 480).start();
    await person.until(20_000);
    expect(person.observer.callbacksAsked).toBe(1);
  });

  it('is taken by who speaks until its time is over', async () => {
    const call = outage().says('yes', 16_480, 480).start();
    await call.until(20_000);
    expect(call.observer.callbacksAsked).toBe(1);
  });

  it('waits no longer for a voice that is no answer', async () => {
    const call = outage().says('and now the news', 16_480, 12_000).start();
    await call.until(32_000);
    expect(call.observer.callbacksAsked).toBe(0);
    expect(call.observer.hangUps).toEqual([{ at: 19_110, reason: 'provider_failure' }]); // 16480 + 2000 + 150 + 8 × 60
  });

  it('is taken by a key after other words', async () => {
    const call = outage().says('what do you mean', 11_200, 480).start();
    await call.until(14_000);
    call.session.onTone('1');
    await call.until(18_000);
    expect(call.observer.callbacksAsked).toBe(1);
  });
});

describe('an error in the session itself', () => {
  it('ends this call and no other', async () => {
    const broken = new StagedCall();
    const other = new StagedCall({ clock: broken.clock }).says('I am fine', 1_600, 800).start();
    broken.observer.onSaid = () => {
      throw new Error('observer is broken');
    };
    broken.start();
    await other.until(6_000);
    expect(broken.observer.errors).toEqual([{ message: 'observer is broken', stage: 'session' }]);
    expect(broken.observer.hangUps).toMatchObject([{ reason: 'internal_error' }]);
    await expect(broken.session.ended).resolves.toBe('internal_error');
    expect(other.observer.transcript.at(-1)).toBe('assistant: All right.');
  });
});
