import type { AnswerFact } from './answer-facts.js';
import type { AnswerVerdict } from './answering-machine-detector.js';
import { agent, beep, hinted, inOrder, said, tell, voice } from './testing/told-call.js';

const verdictOf = (facts: AnswerFact[], untilMs: number): AnswerVerdict => {
  const last = tell(facts, untilMs).at(-1);
  if (last === undefined) throw new Error('nothing was told');
  return last.verdict;
};
/** What was thought, and since when, one after the other. */
const course = (facts: AnswerFact[], untilMs: number) =>
  tell(facts, untilMs)
    .map(({ verdict }) => `${verdict.kind} ${verdict.decidedAt}`)
    .filter((step, index, all) => step !== all[index - 1]);

const OUR_GREETING = agent(60, 4_000);

describe('a person', () => {
  it('who says hello and waits is one half a second later', () => {
    expect(course(inOrder(OUR_GREETING, voice(500, 1_100), said('hello?', 2_100)), 3_000)).toEqual(['unsure 0', 'person 1600']);
  });

  it('who answers two of our lines is one for good', () => {
    const facts = inOrder(OUR_GREETING, voice(500, 1_100), voice(4_600, 5_500), agent(6_400, 8_000), voice(8_700, 9_500));
    expect(verdictOf(facts, 10_000)).toMatchObject({ kind: 'person', final: false });
    expect(verdictOf(facts, 10_300)).toMatchObject({ kind: 'person', final: true });
  });

  it('who greets for a company in one long breath is never taken for a machine', () => {
    const words = 'good morning thank you for calling acme insurance in springfield this is mary how may i help you';
    const facts = inOrder(
      OUR_GREETING,
      voice(300, 6_800),
      hinted('good morning thank you for calling acme insurance', 3_500),
      hinted(words, 7_000),
      said(words, 7_900),
    );
    expect(course(facts, 12_000)).toEqual(['unsure 0', 'person 7000']);
  });

  it('who takes messages for somebody else is none', () => {
    const text = 'doctor millers office the doctor is not available right now can i take a message';
    const facts = inOrder(
      OUR_GREETING,
      voice(300, 5_000),
      hinted('doctor millers office the doctor is not available right now', 4_200),
      hinted(text, 5_300),
    );
    expect(course(facts, 8_000)).not.toContainEqual(expect.stringContaining('machine'));
  });

  it('who takes messages for somebody else has a moment to say so, however machine-like it began', () => {
    const text = 'you have reached the office of doctor miller who missed you and is not available right now';
    const facts = inOrder(OUR_GREETING, voice(300, 7_000), hinted(text, 5_600), hinted(`${text} can i take a message`, 7_000));
    expect(course(facts, 12_000)).not.toContainEqual(expect.stringContaining('machine'));
  });

  it('who tells a long story in answer to our greeting is none, however long it takes', () => {
    const story = Array.from({ length: 40 }, (_, index) => hinted('well you see it all began '.repeat(index + 1), 5_000 + 500 * index));
    expect(course(inOrder(OUR_GREETING, voice(4_500, 25_000), story), 29_000)).toEqual(['unsure 0']);
  });

  it('whose television never pauses is none, as long as nothing machine-like is said', () => {
    expect(course(inOrder(OUR_GREETING, voice(300, 29_000), said('hello', 1_900)), 29_000)).toEqual(['unsure 0']);
  });

  it('on a line that beeps because it is recorded, and who then goes on, is none', () => {
    const facts = inOrder(
      OUR_GREETING,
      voice(300, 3_400),
      beep(3_700, 3_900),
      voice(4_700, 6_000),
      said('acme good morning john speaking', 7_000),
    );
    expect(course(facts, 10_000)).not.toContainEqual(expect.stringContaining('machine'));
  });

  it('who never says a word stays unknown', () => {
    expect(verdictOf(OUR_GREETING, 31_000)).toMatchObject({ kind: 'unsure', final: true });
  });
});

describe('a machine', () => {
  it('is one as soon as it says what only machines say, however short', () => {
    const facts = inOrder(OUR_GREETING, voice(300, 2_300), hinted('john leave a', 1_900), hinted('john leave a message', 2_600));
    expect(course(facts, 6_000)).toEqual(['unsure 0', 'machine 2600']);
  });

  it('says so in Chinese, too', () => {
    const facts = inOrder(OUR_GREETING, voice(300, 4_500), hinted('您好，您', 1_900, 'zh-CN'), hinted('您好，您拨打的用', 2_400, 'zh-CN'));
    expect(course(facts, 6_000)).toEqual(['unsure 0', 'machine 2400']);
  });

  it('that nobody understands is one by its greeting, its beep and the silence after it', () => {
    expect(course(inOrder(OUR_GREETING, voice(300, 5_000), beep(5_600, 6_000)), 9_000)).toEqual(['unsure 0', 'machine 7500']);
  });

  it('that speaks fourteen seconds without a pause and without listening is one', () => {
    const words = Array.from({ length: 30 }, (_, index) => hinted('and on it goes and on '.repeat(index + 1), 800 + 500 * index));
    expect(course(inOrder(OUR_GREETING, voice(300, 17_000), words), 17_000)).toEqual(['unsure 0', 'machine 14801']);
  });

  it('whose beep is followed by sound without words, such as the echo of our own voice, is one three seconds after the beep', () => {
    const facts = inOrder(OUR_GREETING, voice(300, 5_000), said('gibberish', 5_900), beep(5_600, 6_000), voice(6_500, 12_000));
    expect(course(facts, 12_000)).toEqual(['unsure 0', 'machine 9000']);
  });

  it('that plays at being a person is one when it gives itself away', () => {
    const facts = inOrder(
      OUR_GREETING,
      voice(300, 900),
      voice(2_400, 5_500),
      hinted('hello hello can you speak up', 3_600),
      said('hello just kidding leave a message after the tone', 6_400),
    );
    expect(course(facts, 8_000)).toEqual(['unsure 0', 'person 1400', 'unsure 2400', 'machine 6400']);
  });

  it('of the carrier begins with three tones', () => {
    const tones: AnswerFact = { kind: 'tone', at: 1_600, tone: { kind: 'sit', hertz: 1_776, startedAt: 500, endedAt: 1_430 } };
    expect(course(inOrder(OUR_GREETING, tones), 3_000)).toEqual(['unsure 0', 'machine 1600']);
  });

  it('tells when its beep ended, even after the verdict', () => {
    const facts = inOrder(OUR_GREETING, voice(300, 4_000), hinted('leave a message after the tone', 3_500), beep(4_600, 5_000));
    expect(verdictOf(facts, 6_000)).toMatchObject({ kind: 'machine', decidedAt: 3_500, beepEndedAt: 5_000 });
  });
});

it('a verdict names its reasons, the weightiest first, and nothing that was said', () => {
  const facts = inOrder(OUR_GREETING, voice(300, 4_000), hinted('this is secretname please leave a message after the tone', 4_200));
  const { because, confidence } = verdictOf(facts, 4_300);
  expect(because).toEqual([
    'says as only machines do: after the tone',
    'says as only machines do: leave a message',
    'greets for more than 2500 ms',
    'talks over us for more than 2000 ms',
  ]);
  expect(confidence).toBeCloseTo(1 / (1 + Math.exp(-8.5)), 6); // 4.5 + 4.5 + 0.5 + 0.5 over a prior of -1.5
});
