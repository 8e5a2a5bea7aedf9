import { voiceSetInAt } from './onset.js';

describe('a voice that is detected from 1000 on', () => {
  it.each([
    ['a sound from 680 on: ten windows of it may be the voice before the detector is sure', 680, 680],
    ['the same, where frames came unevenly', 667, 667],
    ['a sound from 648 on, that was there before', 648, 1_000],
    ['a sound that is heard later than the voice', 1_010, 1_000],
    ['no sound at all', null, 1_000],
  ])('%s', (_what, soundAt, setInAt) => {
    expect(voiceSetInAt(1_000, soundAt)).toBe(setInAt);
  });
});
