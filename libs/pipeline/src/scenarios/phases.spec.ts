import { STAGED_LINES, StagedCall } from '@carillon/testing';

describe('the legal notice', () => {
  // 24 characters: heard from 170 to 1610; the greeting is asked for then and heard from 1760 to 2960.
  const lines = { ...STAGED_LINES, legalNotice: 'This call is recorded ok' };

  it('comes before the greeting, and neither voice nor keys cut it', async () => {
    const call = new StagedCall({ plan: { lines } }).says('stop it now', 320, 960).start();
    await call.until(900);
    call.session.onTone('5');
    await call.until(2_000);
    expect(call.media.clears).toEqual([]);
    expect(call.tts.spoken.map(({ text, at }) => [at, text])).toEqual([
      [20, lines.legalNotice],
      [1_610, lines.greeting],
    ]);
    expect(call.observer.transcript).toEqual([`assistant: ${lines.legalNotice}`]);
  });

  it('that cannot be spoken is tried again after an apology, and nothing is asked without it', async () => {
    const call = new StagedCall({ plan: { lines }, tts: { faults: ['empty', 'empty'] } }).start();
    await call.until(8_000);
    expect(call.tts.spoken.map(({ text }) => text)).toEqual([
      lines.legalNotice,
      lines.legalNotice,
      lines.apology,
      lines.legalNotice,
      lines.greeting,
    ]);
  });
});

describe('an answering machine', () => {
  it('that is recognised while we wait for its beep: no turn is made of what it says', async () => {
    const call = new StagedCall().says('please leave a message after the tone', 320, 3_200).start();
    await call.until(1_000);
    call.session.onMachine({ do: 'keep_silent' });
    await call.until(6_000);
    expect(call.llm.requests).toHaveLength(0);
    call.session.onMachine({ do: 'leave_message', message: 'Please call us back.' });
    await call.until(9_000);
    expect(call.tts.spoken.at(-1)).toMatchObject({ at: 6_000, text: 'Please call us back.' });
    expect(call.observer.hangUps).toEqual([{ at: 7_350, reason: 'machine' }]); // 6000 + 150 + 20 × 60
  });

  it('that beeps while the message is said has it said again from the beginning', async () => {
    const call = new StagedCall().start();
    await call.until(1_000);
    call.session.onMachine({ do: 'leave_message', message: 'Please call us back.' });
    await call.until(1_800);
    call.session.onMachine({ do: 'leave_message', message: 'Please call us back.' });
    await call.until(9_000);
    expect(call.media.clears).toHaveLength(2);
    expect(call.observer.hangUps).toEqual([{ at: 3_150, reason: 'machine' }]);
  });

  it('that gets no message is hung up on', async () => {
    const call = new StagedCall().start();
    await call.until(1_000);
    call.session.onMachine({ do: 'hang_up' });
    expect(call.observer.hangUps).toEqual([{ at: 1_000, reason: 'machine' }]);
  });
});

describe('a voice that never pauses', () => {
  const rules = { maxUtteranceMs: 5_000 };

  it('ends a turn at the bound, and what it says after that does not stop the answer before it is a sentence', async () => {
    const call = new StagedCall({ answers: ['I understand you very well.'], plan: { rules } }).start();
    call.person.speaks(1_600, 12_800);
    await call.until(3_000);
    call.stt.interim('I have been waiting for weeks');
    await call.until(9_000);
    expect(call.llm.requests).toHaveLength(1); // at 6600
    expect(call.observer.signs).toMatchObject([{ type: 'unbroken-voice', at: 6_600 }]);
    expect(call.observer.transcript.slice(1)).toEqual(['human: I have been waiting for weeks', 'assistant: I understand you very well.']);
    expect(call.media.clears).toEqual([]);
  });

  it('without a word (music) does not keep us from asking, and from giving up', async () => {
    const call = new StagedCall({ plan: { rules } }).start();
    call.person.speaks(1_600, 120_000);
    await call.until(110_000);
    expect(call.llm.requests).toHaveLength(0);
    expect(call.observer.hangUps).toMatchObject([{ reason: 'silence' }]);
  });

  it('that is a person gets the floor when they say something to us', async () => {
    const call = new StagedCall({ answers: ['I understand you very well and will tell you all about it now.'], plan: { rules } }).start();
    call.person.speaks(1_600, 12_800);
    await call.until(3_000);
    call.stt.interim('I have been waiting for weeks');
    await call.until(8_000);
    call.stt.interim('I have been waiting for weeks please listen to me');
    await call.until(8_100);
    expect(call.media.clears).toEqual([8_000]);
  });
});

describe('a line that was lost', () => {
  const lines = { ...STAGED_LINES, recap: 'Sorry, we were cut off.' };
  const snapshot = (last: 'user' | 'assistant', content: string) => ({
    version: 1,
    history: [
      { role: 'assistant' as const, content: 'Hello.' },
      { role: last, content },
    ],
    unanswered: last === 'user',
    agentClosed: false,
    failures: 0,
    echoes: 0,
    pauses: { count: 0, meanMs: 0 },
  });

  it('is told, and the open question asked again', async () => {
    const call = new StagedCall({ plan: { lines }, snapshot: snapshot('assistant', 'I see. How old are you?') }).start();
    await call.until(5_000);
    expect(call.tts.spoken.map(({ text }) => text)).toEqual(['Sorry, we were cut off. How old are you?']);
  });

  it('is told, and what was said last is answered', async () => {
    const call = new StagedCall({ plan: { lines }, answers: ['At nine.'], snapshot: snapshot('user', 'when do you open') }).start();
    await call.until(6_000);
    expect(call.tts.spoken.map(({ text }) => text)).toEqual(['Sorry, we were cut off.', 'At nine.']);
    expect(call.llm.requests[0]?.messages.map(({ content }) => content).slice(1)).toEqual([
      'Hello.',
      'when do you open',
      'Sorry, we were cut off.',
    ]);
  });
});
