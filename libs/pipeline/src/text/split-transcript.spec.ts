import { resembles, splitTranscript } from './split-transcript.js';

describe('a transcript that has grown', () => {
  it.each<[string, string, [string, string]]>([
    ['I am fine', 'I am fine', ['I am fine', '']],
    ['I am fine but wait', 'I am fine', ['I am fine', 'but wait']],
    ["I'm fine, but wait", 'am fine', ["I'm fine,", 'but wait']],
    ['finest', 'fine', ['finest', '']],
    ['w10', 'w1 w2', ['w10', '']],
    ['你好请等一下', '你好', ['你好', '请等一下']],
    ['wait', '', ['', 'wait']],
  ])('%j after %j', (text, earlier, parts) => {
    expect(splitTranscript(text, earlier)).toEqual(parts);
  });
});

describe('a transcript of the same utterance', () => {
  it.each<[string, string, boolean]>([
    ['Book for two.', 'book for to', true],
    ['book for two at seven', 'book for', true],
    ['I meant no', 'son', false],
    ['你好请等', '你好吗', true],
    ['请等一下', '你好', false],
  ])('%j after %j: %s', (text, earlier, same) => {
    expect(resembles(text, earlier)).toBe(same);
  });
});
