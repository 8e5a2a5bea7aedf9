import { LineClock } from './line-clock.js';
import { SpeechSegmenter } from './speech-segmenter.js';

const quiet = new Int16Array(320);
const loud = new Int16Array(320).fill(3_000);
const frames = (pattern: string) => [...pattern].map((letter) => (letter === '#' ? loud : quiet));

test('one loud frame is a click, two begin a turn', () => {
  const segmenter = new SpeechSegmenter();
  expect(frames('.#.##').map((frame) => segmenter.push(frame))).toEqual(['silence', 'silence', 'silence', 'silence', 'onset']);
});

test('a turn ends after 650 ms of silence, and a pause within it does not end it', () => {
  const segmenter = new SpeechSegmenter();
  frames(`##${'.'.repeat(30)}#`).forEach((frame) => segmenter.push(frame));
  expect(segmenter.speaking).toBe(true);
  const after = frames('.'.repeat(33)).map((frame) => segmenter.push(frame));
  expect(after.indexOf('end')).toBe(32);
  expect(segmenter.speaking).toBe(false);
});

test('the clock of a line moves with its frames, and a timer that was cancelled stays silent', () => {
  const clock = new LineClock();
  const rung: string[] = [];
  clock.after(60, () => rung.push('a'));
  clock.after(40, () => rung.push('b')).cancel();
  clock.tick();
  clock.tick();
  expect(rung).toEqual([]);
  clock.tick();
  expect(rung).toEqual(['a']);
  expect(clock.nowMs).toBe(60);
});
