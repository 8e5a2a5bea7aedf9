import { SilenceWatch } from './silence-watch.js';

describe('a media worker', () => {
  /** Looks at what Redis says, so many seconds after the last look. */
  function stage() {
    const watch = new SilenceWatch(30_000);
    let now = new Date('2026-03-02T15:00:00Z');
    const look = (seconds: number, beats: Record<string, number>) => {
      now = new Date(now.getTime() + seconds * 1_000);
      return [...watch.look(new Map(Object.entries(beats)), now)];
    };
    return { watch, look };
  }

  it('is gone once its heartbeat was seen to stand still for 30 s, however old it was when we first looked', () => {
    const { look } = stage();
    expect(look(0, { dead: 1, alive: 100 })).toEqual([]);
    for (let at = 5; at < 30; at += 5) expect(look(5, { dead: 1, alive: 100 + at })).toEqual([]);
    expect(look(5, { dead: 1, alive: 130 })).toEqual(['dead']);
    expect(look(5, { dead: 1, alive: 135 })).toEqual(['dead']);
  });

  it('that was only frozen is there again with its next heartbeat', () => {
    const { look } = stage();
    for (const seconds of [0, 10, 10, 9]) expect(look(seconds, { frozen: 1 })).toEqual([]);
    expect(look(5, { frozen: 2 })).toEqual([]);
    expect(look(10, { frozen: 2 })).toEqual([]);
  });

  it('is not gone because Redis was away, was flushed, or is an older copy of itself', () => {
    const { watch, look } = stage();
    for (const seconds of [0, 10, 10]) look(seconds, { a: 5 });
    watch.forget();
    expect(look(10, { a: 5 })).toEqual([]);
    expect(look(10, { a: 5 })).toEqual([]);
    expect(look(10, {})).toEqual([]);
    expect(look(10, { a: 5 })).toEqual([]);
    expect(look(10, { a: 3 })).toEqual([]);
    expect(look(10, { a: 3 })).toEqual([]);
  });

  it('is not gone because nobody looked for a minute', () => {
    const { look } = stage();
    look(0, { a: 5 });
    expect(look(60, { a: 5 })).toEqual([]);
    expect(look(60, { a: 5 })).toEqual([]);
    expect(look(60, { a: 5 })).toEqual(['a']);
  });

  it('is looked after until it is settled, and anew when it has beaten again', () => {
    const { watch, look } = stage();
    for (const seconds of [0, 10, 10, 10]) look(seconds, { a: 5 });
    watch.settle('a');
    expect(look(10, { a: 5 })).toEqual([]);
    for (const seconds of [1, 10, 10]) expect(look(seconds, { a: 6 })).toEqual([]);
    expect(look(10, { a: 6 })).toEqual(['a']);
  });
});
