import { STAGED_LINES, StagedCall, type ScriptedAnswer } from '@carillon/testing';
import { snapshotOf, type CallSnapshot } from '../turn/snapshot.js';

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
    expect(call.observer.transcript).toEqual([`assistant: ${lines.legalNotice}`, 'human: stop it now']);
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
    owes: null,
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

  describe('in the middle of an answer', () => {
    const answer = 'Yes, thank you. We open at nine. And who are you?';
    const answering = (...answers: (ScriptedAnswer | string)[]) =>
      new StagedCall({ plan: { lines }, answers }).says('when do you open', 1_600, 800).start();
    const goOn = (first: StagedCall, answers: string[] = []) =>
      new StagedCall({
        plan: { lines },
        answers,
        snapshot: JSON.parse(JSON.stringify(snapshotOf(first.session.state, first.clock.now()))) as CallSnapshot,
      }).start();
    const spoken = ({ tts }: StagedCall) => tts.spoken.map(({ text }) => text);

    // written to its end 200 + 11 × 15 ms after 2900; its phrases are heard from 3310 on
    it.each([
      [3_300, 'before a word of it was heard', ['Yes, thank you.', 'We open at nine.', 'And who are you?']],
      [3_900, 'while its first phrase is heard', ['Yes, thank you.', 'We open at nine.', 'And who are you?']],
      [4_700, 'while its second is', ['We open at nine.', 'And who are you?']],
    ])('at %d, %s: what was not heard of it is said, without the model', async (at, _when, rest) => {
      const first = answering(answer);
      await first.until(at);
      const second = goOn(first);
      await second.until(8_000);
      expect(spoken(second)).toEqual(['Sorry, we were cut off.', ...rest]);
      expect(second.llm.requests).toEqual([]);
    });

    it('with a sign of listening over it: that is kept, and no answer is owed to it', async () => {
      const first = answering(answer).says('mhm', 3_520, 320);
      await first.until(4_700);
      const second = goOn(first);
      await second.until(8_000);
      expect(spoken(second)).toEqual(['Sorry, we were cut off.', 'We open at nine.', 'And who are you?']);
      expect(second.session.state.history.slice(1, 4).map(({ content }) => content)).toEqual([
        'when do you open',
        'Yes, thank you.',
        'mhm',
      ]);
      await first.until(10_000); // noted
      const third = goOn(first);
      await third.until(8_000);
      expect(spoken(third)).toEqual(['Sorry, we were cut off. And who are you?']);
      expect([...first.llm.requests, ...second.llm.requests, ...third.llm.requests]).toHaveLength(1);
    });

    it('that the model had not finished: it is asked again, and knows what was heard', async () => {
      const first = answering({ text: 'Yes, thank you. We open at', hangs: 'after-text' });
      await first.until(6_000);
      const second = goOn(first, ['At nine.']);
      await second.until(6_000);
      expect(spoken(second)).toEqual(['Sorry, we were cut off.', 'At nine.']);
      expect(second.llm.requests[0]?.messages.map(({ content }) => content).slice(1)).toEqual([
        ...['Hello, this is Adam.', 'when do you open', 'Yes, thank you.', 'Sorry, we were cut off.'],
      ]);
    });

    it.each([10, 400, 1_700])('and again %d ms after it is back: the rest is still said', async (at) => {
      const first = answering(answer);
      await first.until(4_700);
      const second = goOn(first);
      await second.until(at);
      const third = goOn(second);
      await third.until(8_000);
      expect(spoken(third)).toEqual(['Sorry, we were cut off.', 'We open at nine.', 'And who are you?']);
    });

    it('and whoever says something else then is answered, not told the rest', async () => {
      const first = answering(answer);
      await first.until(4_700);
      const second = goOn(first, ['At your place.']).says('where is that', 320, 960);
      await second.until(8_000);
      expect(spoken(second)).toEqual(['Sorry, we were cut off.', 'At your place.']);
    });
  });

  it('in the middle of the greeting: the greeting is said again, and the law not a second time', async () => {
    const owed = { ...snapshot('assistant', 'Hello, this'), owes: 'greeting' as const };
    const call = new StagedCall({ plan: { lines: { ...lines, legalNotice: 'We record.' } }, snapshot: owed }).start();
    await call.until(5_000);
    expect(call.tts.spoken.map(({ text }) => text)).toEqual(['Hello, this is Adam.']);
    expect(call.session.state).toMatchObject({ phase: { name: 'dialog' }, resumed: null });
  });

  it.each([
    ['before the first frame', 10],
    ['in the middle of the legal notice', 400],
  ])('%s: what the law wants said is said, whole', async (_when, at) => {
    const plan = { lines: { ...lines, legalNotice: 'We record.' } };
    const first = new StagedCall({ plan }).start();
    await first.until(at);
    const second = new StagedCall({ plan, snapshot: snapshotOf(first.session.state, first.clock.now()) }).start();
    await second.until(5_000);
    expect(second.tts.spoken.map(({ text }) => text)).toEqual(['We record.', 'Hello, this is Adam.']);
  });
});
