import { endProbability } from './end-of-turn.js';
import { questionTypeOf, type QuestionType } from './question-type.js';

const probability = (text: string, question: QuestionType = 'other', language = 'en-US'): number =>
  endProbability({ text, language, question, semantic: null });

describe('a person who has said this', () => {
  it.each<[string, QuestionType, 'sure' | 'unsure' | 'open']>([
    ['I am fine.', 'other', 'sure'],
    ['Can you call me tomorrow?', 'other', 'sure'],
    ['I am fine', 'other', 'unsure'],
    ['yes', 'yes-no', 'sure'],
    ['no thank you', 'yes-no', 'sure'],
    ['yes', 'other', 'unsure'],
    ['yes but', 'yes-no', 'open'],
    ['I would like to', 'other', 'open'],
    ['My name is.', 'other', 'open'], // recognisers set full stops everywhere
    ['well, um', 'other', 'open'],
    ['my number is 555 12', 'other', 'open'],
    ['five five five', 'number', 'open'],
    ['0 6 1 2 3 4 5 6 7 8', 'number', 'unsure'],
    ['ann at example', 'email', 'open'],
    ['ann at example dot com', 'email', 'unsure'],
    ['ann@example.com', 'email', 'unsure'],
    ['L double E, L E', 'spelling', 'open'],
    ['是的', 'yes-no', 'sure'],
    ['对对对', 'yes-no', 'sure'],
    ['好的没问题', 'yes-no', 'sure'],
    ['我明天有空。', 'other', 'sure'],
    ['我明天有空', 'other', 'unsure'],
    ['我明天有空但是', 'other', 'open'],
    ['然后那个', 'other', 'open'],
    ['我的号码是', 'number', 'open'],
    ['一三八', 'number', 'open'],
  ])('%s (%s) is %s to be done', (text, question, expected) => {
    const p = probability(text, question);
    expect(p >= 0.9 ? 'sure' : p >= 0.5 ? 'unsure' : 'open').toBe(expected);
  });
});

describe('the last line of the agent', () => {
  it.each<[string, QuestionType]>([
    ['Do you have a moment to talk?', 'yes-no'],
    ['Thank you. Is Tuesday fine?', 'yes-no'],
    ['So it is 555, right?', 'yes-no'],
    ['What is your phone number?', 'number'],
    ['Could you give me your e-mail?', 'email'],
    ['How do you spell that?', 'spelling'],
    ['What is your name?', 'other'],
    ['I see. Thank you.', 'other'],
    ['请问您现在方便说话吗？', 'yes-no'],
    ['请问您的电话号码是多少？', 'number'],
    ['您贵姓？', 'other'],
  ])('%s asks for %s', (line, type) => {
    expect(questionTypeOf(line, 'en-US')).toBe(type);
  });
});
