import { STAGED_LINES, StagedCall } from '@carillon/testing';

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

  it('that fails twice is apologised for, and the person may try again', async () => {
    const call = new StagedCall({ answers: [{ fails: 'at-once' }, { fails: 'at-once' }, 'Here I am.'] });
    call.says('I am fine', 1_600, 800).says('hello', 6_400, 800).start();
    await call.until(10_000);
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
    const call = new StagedCall({ answers: ['', ''] }).says('I am fine', 1_600, 800).start();
    await call.until(6_000);
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
    expect(call.stt.framesIn).toBe(call.session.stats.framesIn);
    call.says('I am fine', 3_200, 800);
    await call.until(6_000);
    expect(call.observer.transcript.at(-1)).toBe('assistant: All right.');
    expect(call.session.state.stt.failures).toBe(0);
  });

  it('that does not come back ends the call with an apology', async () => {
    const call = new StagedCall().start();
    for (const at of [2_000, 3_000, 4_000, 5_000]) {
      await call.until(at);
      call.stt.fail();
    }
    await call.until(10_000);
    expect(call.stt.opened).toBe(4);
    expect(call.observer.transcript.at(-1)).toBe(`${APOLOGY} Goodbye.`);
    expect(call.observer.hangUps).toMatchObject([{ reason: 'provider_failure' }]);
  });
});

describe('nothing works any more: the static script', () => {
  const lines = { ...STAGED_LINES, callbackOffer: 'Press 1 for another call.', callbackTaken: 'We will call. Goodbye.' };
  const outage = async (plan: { rules?: { callbackOffer: boolean } } = {}) => {
    const call = new StagedCall({ plan: { lines, ...plan } }).start();
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
    const call = new StagedCall({ plan: { lines } }).start();
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
    const call = await outage({ rules: { callbackOffer: false } });
    await call.until(20_000);
    expect(call.observer.transcript.at(-1)).toBe(`${APOLOGY} Goodbye.`);
    expect(call.observer.hangUps).toMatchObject([{ reason: 'provider_failure' }]);
  });

  it('says goodbye where the offer itself cannot be said: nobody is waited for who does not know what to press', async () => {
    const call = new StagedCall({ plan: { lines }, tts: { faults: [null, null, 'fails', 'fails'] } }).start();
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
