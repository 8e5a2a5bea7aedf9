import { longestSilence } from './longest-silence.js';

const frames = (...times: number[]) => times.map((at) => ({ at, level: 1, samples: 320 }));

describe('the longest silence', () => {
  it('is the whole span where nothing is heard', () => {
    expect(longestSilence({ frames: [], clears: [] }, { from: 100, to: 900 })).toBe(800);
  });

  it('lies between what is heard, which is one frame after the other however early it was sent', () => {
    // heard from 200 to 260 and from 500 to 520
    expect(longestSilence({ frames: frames(200, 200, 200, 500), clears: [] }, { from: 100, to: 600 })).toBe(240);
  });

  it('counts what was cleared before it was played', () => {
    // heard from 200 to 230, then from 400 on
    expect(longestSilence({ frames: frames(200, 200, 200, 400), clears: [230] }, { from: 200, to: 420 })).toBe(170);
  });
});
