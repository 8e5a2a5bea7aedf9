import { STAGED_LINES, StagedCall } from '@carillon/testing';
import { snapshotOf, type CallSnapshot } from '../turn/snapshot.js';

const usersOf = (call: StagedCall, request = 0) =>
  call.llm.requests[request]?.messages.filter(({ role }) => role !== 'system').map(({ role, content }) => `${role}: ${content}`);

/** 22 characters: heard from 170 to 1490. */
const legalNotice = 'This call is recorded.';

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
