import { STAGED_LINES, StagedCall } from '@carillon/testing';
import { snapshotOf, type CallSnapshot } from '../turn/snapshot.js';

const usersOf = (call: StagedCall, request = 0) =>
  call.llm.requests[request]?.messages.filter(({ role }) => role !== 'system').map(({ role, content }) => `${role}: ${content}`);

/** 22 characters: heard from 170 to 1490. */
const legalNotice = 'This call is recorded.';

/** 23 characters: heard from 170 to 1550. */
const lines = { ...STAGED_LINES, recap: 'Sorry, we were cut off.' };
const resumed = (owed: Partial<CallSnapshot>, ...answers: string[]) => {
  const history = [
    { role: 'assistant' as const, content: 'Hello.' },
    { role: 'user' as const, content: 'when do you open' },
  ];
  const rest = { version: 1, owes: null, unanswered: true, agentClosed: false, failures: 0, echoes: 0, pauses: { count: 0, meanMs: 0 } };
  return new StagedCall({ plan: { lines }, answers, snapshot: { ...rest, history, ...owed } });
};

describe('words over the legal notice', () => {
  /** 36 characters: heard from 1640 to 3800. */
  const greeting = 'This is Adam, do you have a moment??';
  const greeted = (...answers: string[]) => new StagedCall({ plan: { lines: { ...STAGED_LINES, legalNotice, greeting } }, answers });

  it.each([
    ['understood during it', 640, 200],
    ['understood when it was over', 960, 500],
    ['understood during the greeting only', 960, 1_200],
  ])('"okay", %s, is no answer to the question that follows', async (_when, at, finalAfterMs) => {
    const call = greeted('Good.').says({ text: 'okay', interims: false, finalAfterMs }, at, 320).start();
    await call.until(12_000);
    expect(call.llm.requests).toEqual([]);
    expect(call.observer.transcript).toEqual([`assistant: ${legalNotice}`, 'human: okay', `assistant: ${greeting}`]);
  });

  it('that want something stand before the greeting, and are answered 1.5 s after it', async () => {
    const call = greeted('I will not call you again.').says('stop calling me', 320, 640).start();
    await call.until(5_290);
    expect(call.llm.requests).toEqual([]);
    await call.until(9_000);
    expect(usersOf(call)).toEqual([`assistant: ${legalNotice}`, 'user: stop calling me', `assistant: ${greeting}`]);
    expect(call.observer.transcript.slice(1)).toEqual([
      'human: stop calling me',
      `assistant: ${greeting}`,
      'assistant: I will not call you again.',
    ]);
    expect(call.tts.spoken.at(-1)).toMatchObject({ at: 5_300 + 200 + 15 * 5 });
    expect(call.observer.ledgers).toMatchObject([{ replyMs: 1_500 + 200 + 15 * 5 + 150 }]); // from the end of the greeting
  });

  it('that want something, and an answer to the greeting: one answer, to both', async () => {
    const call = greeted('Good.').says('who is this', 320, 640).says('yes I do', 4_160, 640).start();
    await call.until(12_000);
    expect(call.llm.requests).toHaveLength(1);
    expect(usersOf(call)).toEqual([`assistant: ${legalNotice}`, 'user: who is this', `assistant: ${greeting}`, 'user: yes I do']);
  });

  it.each([3_000, 4_500])('that want something are answered by another worker where the line is lost at %d', async (at) => {
    const first = greeted().says('stop calling me', 320, 640).start();
    await first.until(at);
    const snapshot = JSON.parse(JSON.stringify(snapshotOf(first.session.state, first.clock.now()))) as CallSnapshot;
    expect(snapshot).toMatchObject({ owes: at === 3_000 ? 'greeting' : null, unanswered: true });
  });
});

describe('words over the recap', () => {
  it.each([
    ['before its end', 320],
    ['whose wait is not over with it', 960],
  ])('"okay", %s, is no answer to the question that follows', async (_when, at) => {
    const call = resumed({}, 'At nine, shall I come then?').says('okay', at, 320).start();
    await call.until(10_000);
    expect(call.llm.requests).toHaveLength(1);
    expect(call.observer.transcript).toEqual([
      'assistant: Sorry, we were cut off.',
      'human: okay',
      'assistant: At nine, shall I come then?',
    ]);
  });

  it('that are more than that are answered with what was said before', async () => {
    const call = resumed({}, 'At nine.').says({ text: 'hello', interims: false, finalAfterMs: 500 }, 320, 160).start();
    await call.until(10_000);
    expect(usersOf(call)?.slice(-2)).toEqual(['assistant: Sorry, we were cut off.', 'user: hello']);
    expect(call.llm.requests).toHaveLength(1);
  });

  it('that go on beyond its end become one turn, which is answered', async () => {
    const call = resumed({}, 'At nine.').start();
    call.person.speaks(1_280, 960);
    await call.until(1_400);
    call.stt.interim('yeah');
    await call.until(2_300);
    expect(call.llm.requests).toEqual([]);
    call.stt.final('yeah well hello');
    await call.until(10_000);
    expect(call.observer.transcript).toEqual(['assistant: Sorry, we were cut off.', 'human: yeah well hello', 'assistant: At nine.']);
    expect(call.observer.interruptions).toBe(0);
  });

  it('that are more than that are answered instead of the rest', async () => {
    const owed = { unanswered: false, rest: ['And who are you?'] };
    const call = resumed(owed, 'Yes.').says({ text: 'hello', interims: false, finalAfterMs: 500 }, 320, 160).start();
    await call.until(10_000);
    expect(call.observer.transcript.slice(1)).toEqual(['human: hello', 'assistant: Yes.']);
  });
});

describe('a "yes" over what follows a question', () => {
  it('is an answer to it', async () => {
    const line = 'Would you like me to book Tuesday at ten? It only takes a minute to confirm the visit.';
    const call = new StagedCall({ answers: [line, 'It is booked.'] }).says('I am fine', 1_600, 800).says('yes', 6_400, 320).start();
    await call.until(14_000);
    const endedAt = call.observer.said[2]?.endedAt ?? 0;
    expect(call.observer.said[2]).toMatchObject({ content: line, interrupted: false });
    expect(endedAt).toBeGreaterThan(6_400 + 320 + 300);
    expect(call.observer.transcript.slice(3)).toEqual(['human: yes', 'assistant: It is booked.']);
  });
});

describe('a "yes" over the rest of a line whose question stands in a part before it', () => {
  const question = 'Shall I book it for you?';
  const rest = 'It costs ten dollars in all, and takes an hour of your time.';

  it('that a noise broke off is an answer to it', async () => {
    const call = new StagedCall({ answers: [`${question} ${rest}`, 'It is booked.'] }).says('I am fine', 1_600, 800);
    await call.says('', 5_120, 960).says('yes', 7_360, 320).start().until(16_000);
    expect(call.observer.interruptions).toBe(1);
    expect(call.observer.said[2]?.content).toContain(question);
    expect(call.observer.transcript[3]).toMatch(/^assistant: .*an hour of your time\.$/);
    expect(call.observer.said[3]?.content).not.toContain(question);
    expect(call.observer.transcript.slice(4)).toEqual(['human: yes', 'assistant: It is booked.']);
  });

  it('and that calls a tool is an answer to it', async () => {
    const calls = [{ name: 'updated_claim', arguments: { updates: [] } }];
    const call = new StagedCall({ answers: [{ text: question, calls }, rest, 'It is booked.'], fields: [{ name: 'phone', type: 'text' }] });
    await call.says('I am fine', 1_600, 800).says('yes', 6_080, 320).start().until(16_000);
    expect(call.observer.transcript.slice(2)).toEqual([`assistant: ${question} ${rest}`, 'human: yes', 'assistant: It is booked.']);
  });

  it('is none once the question is answered', async () => {
    const call = new StagedCall({ answers: [question, `It is booked. ${rest}`] }).says('I am fine', 1_600, 800);
    await call.says('yes', 5_440, 320).says('yeah', 7_680, 320).start().until(18_000);
    expect(call.observer.transcript.slice(2)).toEqual([
      `assistant: ${question}`,
      'human: yes',
      `assistant: It is booked. ${rest}`,
      'human: yeah',
    ]);
  });
});

describe('a sign of listening', () => {
  /** 63 characters: heard from 3415 to 7195. */
  const answer = 'I would like to ask you three questions about your house today.';
  const listened = (...answers: string[]) => new StagedCall({ answers: [answer, ...answers] }).says('I am fine', 1_600, 800);

  it('and then a long noise: the noise says nothing, and the rest is said', async () => {
    const call = listened('Of course.').says('mhm', 3_840, 320).says('', 4_960, 960).start();
    await call.until(16_000);
    expect(call.observer.interruptions).toBe(1);
    expect(call.llm.requests).toHaveLength(1);
    expect(call.observer.transcript.slice(2)).toEqual([
      'assistant: I would like to ask you three',
      'human: mhm',
      'assistant: questions about your house today.',
    ]);
  });

  it('over a question that was heard, and then a long noise: it is an answer, 1.5 s after the rest', async () => {
    const question = 'Shall I come on Tuesday? I would bring a colleague to look at it.';
    const call = new StagedCall({ answers: [question, 'Gladly.'] }).says('I am fine', 1_600, 800);
    await call.says('mhm', 3_840, 320).says('', 4_960, 960).start().until(16_000);
    expect(call.observer.interruptions).toBe(1);
    expect(call.observer.transcript.slice(3)).toEqual(['assistant: bring a colleague to look at it.', 'human: mhm', 'assistant: Gladly.']);
    const restEndedAt = call.observer.said[3]?.endedAt ?? 0;
    expect(call.tts.spoken.at(-1)).toMatchObject({ at: restEndedAt + 1_500 + 200, text: 'Gladly.' });
  });

  it('that its late final transcript words differently is mended, and stands there once', async () => {
    const call = listened('Of course.').says({ text: 'mhm', finalText: 'mhm yeah', finalAfterMs: 4_800 }, 4_160, 320).start();
    await call.until(9_200);
    expect(call.observer.transcript.slice(3)).toEqual(['human: mhm']);
    await call.until(14_000);
    expect(call.observer.revised).toEqual([{ id: 4, content: 'mhm yeah' }]);
    expect(call.session.state.history.at(-1)).toEqual({ role: 'user', content: 'mhm yeah' });
    expect(call.llm.requests).toHaveLength(1);
  });

  it('that its late final transcript makes a question of is answered, and stands there once', async () => {
    const text = { text: 'mhm', finalText: 'mhm what does it cost', finalAfterMs: 4_800 };
    const call = listened('Nothing.').says(text, 4_160, 320).start();
    await call.until(14_000);
    expect(call.observer.revised).toEqual([{ id: 4, content: 'mhm what does it cost' }]);
    expect(call.llm.requests[1]?.messages.at(-1)).toEqual({ role: 'user', content: 'mhm what does it cost' });
    expect(call.observer.transcript.at(-1)).toBe('assistant: Nothing.');
  });
});

describe('an answer that is owed for words over the notice', () => {
  /** 39 characters: heard from 1640 to 3980. */
  const greeting = 'This is Adam, I call you about the car.';
  const optOut = () =>
    new StagedCall({ plan: { lines: { ...STAGED_LINES, legalNotice, greeting } }, answers: ['I will not call you again.'] }).says(
      'stop calling me',
      320,
      640,
    );

  it.each([
    ['over the greeting', { text: 'mhm' }, 2_560],
    ['before the greeting, understood during it', { text: 'okay', interims: false, finalAfterMs: 500 }, 1_504],
  ])('is given after the greeting, though a sign of listening comes %s', async (_when, sound, at) => {
    const call = optOut().says(sound, at, 96).start();
    await call.until(10_000);
    expect(call.llm.requests).toHaveLength(1);
    expect(usersOf(call)).toContain('user: stop calling me');
    expect(call.observer.transcript).toContain(`human: ${sound.text}`);
    expect(call.observer.transcript.at(-1)).toBe('assistant: I will not call you again.');
  });

  it('is given after the rest of the greeting, where a long noise came after the sign of listening', async () => {
    const call = optOut().says('mhm', 2_240, 160).says('', 2_880, 800).start();
    await call.until(14_000);
    expect(call.observer.interruptions).toBe(1);
    expect(call.llm.requests).toHaveLength(1);
    expect(call.observer.transcript.slice(1)).toEqual([
      'human: stop calling me',
      'assistant: This is Adam, I call you',
      'human: mhm',
      'assistant: about the car.',
      'assistant: I will not call you again.',
    ]);
  });

  it('is given by another worker where the line is lost after the sign of listening', async () => {
    const call = optOut().says({ text: 'okay', interims: false, finalAfterMs: 500 }, 1_504, 96).start();
    await call.until(3_000);
    expect(call.session.state.history.at(-1)).toEqual({ role: 'user', content: 'okay' });
    expect(snapshotOf(call.session.state, 3_000)).toMatchObject({ owes: 'greeting', unanswered: true });
  });
});

describe('words after a cough over the notice', () => {
  it('that are too short for a voice of their own answer the greeting that they follow', async () => {
    /** 36 characters: heard from 1640 to 3800. */
    const greeting = 'This is Adam, do you have a moment??';
    const call = new StagedCall({ plan: { lines: { ...STAGED_LINES, legalNotice, greeting } }, answers: ['Good.'] });
    call.says('', 640, 320).start();
    call.person.speaks(3_200, 64);
    await call.until(3_500);
    call.stt.final('yes');
    await call.until(9_000);
    expect(call.observer.transcript.slice(1)).toEqual([`assistant: ${greeting}`, 'human: yes', 'assistant: Good.']);
  });
});

describe('a sign of listening over the recap', () => {
  it('that its final transcript makes more of has one answer, to all of it', async () => {
    const call = resumed({}, 'At nine.', 'At nine on Tuesday as well.').says({ text: 'okay', finalAfterMs: null }, 480, 320).start();
    await call.until(1_650);
    expect(call.llm.requests).toHaveLength(1);
    call.stt.final('okay but on Tuesday');
    await call.until(9_000);
    expect(call.llm.requests).toHaveLength(2);
    expect(usersOf(call, 1)?.at(-1)).toBe('user: okay but on Tuesday');
    expect(call.observer.transcript).toEqual([
      'assistant: Sorry, we were cut off.',
      'human: okay',
      'assistant: At nine on Tuesday as well.',
    ]);
    expect(call.session.state.history.filter(({ role }) => role === 'user').at(-1)?.content).toBe('okay but on Tuesday');
  });

  it('and then the hash: the rest is said', async () => {
    const call = resumed({ unanswered: false, rest: ['And who are you?'] }, 'Yes.')
      .says('okay', 480, 320)
      .start();
    await call.until(1_300);
    call.session.onTone('#');
    await call.until(6_000);
    expect(call.llm.requests).toEqual([]);
    expect(call.observer.transcript).toContain('human: okay');
    expect(call.observer.transcript.at(-1)).toBe('assistant: And who are you?');
  });
});
