import { SoundOnset } from './sound-onset.js';

const WINDOW_MS = 32;

/** One letter for each window: `s` for sound, `.` for none. When the sound set in, by window. */
function onsets(line: string): (number | null)[] {
  const onset = new SoundOnset();
  return Array.from(line, (window, index) => {
    const at = onset.take(window === 's' ? 0.8 : 0.2, (index + 1) * WINDOW_MS);
    return at === null ? null : at / WINDOW_MS;
  });
}

describe('the onset of a sound', () => {
  it('is the beginning of its first window', () => {
    expect(onsets('...sss')).toEqual([null, null, null, 3, 3, 3]);
  });

  it('outlasts the closure before a stop consonant', () => {
    expect(onsets('ss.sss')).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('is another one after two windows of silence', () => {
    expect(onsets('ss..s.s')).toEqual([0, 0, 0, null, 4, 4, 4]);
  });
});
