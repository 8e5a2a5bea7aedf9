import { type Remark, remarkIn } from './remark.js';

const remarks: [string, Remark][] = [
  ['sorry could you say that again', 'repeat'],
  ['pardon could you repeat that please', 'repeat'],
  ['sorry', 'repeat'],
  ['hello', 'go-on'],
  ['yes yes go on', 'go-on'],
  ['wait hold on a second', 'go-on'],
  ['hello are you still there', 'go-on'],
  ['yes hello', 'go-on'],
  ['hello who is there', 'who-is-it'],
  ['who is calling', 'who-is-it'],
  ['i do not know that', 'does-not-know'],
  ['sorry you have the wrong number', 'wrong-number'],
  ['i am not interested', 'refuses'],
  ['please stop calling me', 'refuses'],
  ['thank you goodbye', 'goodbye'],
  ['my name is jane doe', null],
  ['four one seven two', null],
  ['you have reached my voice mail please leave your name and number after the tone', null],
];

test.each(remarks)('"%s" is %s', (text, remark) => {
  expect(remarkIn(text)).toBe(remark);
});
