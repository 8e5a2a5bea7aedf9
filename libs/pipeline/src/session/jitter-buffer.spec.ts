import fc from 'fast-check';
import { JitterBuffer } from './jitter-buffer.js';

const RATE = 16_000;
const FRAME_MS = 20;
/** A day in the life of a carrier. */
const EPOCH = Date.parse('2026-11-20T10:00:00Z');

interface Arrival {
  /** Number of the frame, by when it was spoken. */
  n: number;
  sentAt: number | null;
  at: number;
}

const frameOf = (n: number): Int16Array => new Int16Array(320).fill(n + 1);

interface Heard {
  pcm: Int16Array;
  at: number;
}

/** Lets frames arrive, and lets go of what is held when its time has come, as the clock would. */
function hear(arrivals: readonly Arrival[]): { heard: Heard[]; buffer: JitterBuffer } {
  const heard: Heard[] = [];
  let now = 0;
  const buffer = new JitterBuffer(RATE, (pcm) => heard.push({ pcm, at: now }));
  const releaseUntil = (at: number) => {
    if (buffer.holdUntil === null || buffer.holdUntil > at) return;
    now = buffer.holdUntil;
    buffer.release();
  };
  for (const { n, sentAt, at } of arrivals) {
    releaseUntil(at);
    now = at;
    buffer.push(frameOf(n), sentAt, at);
  }
  releaseUntil(Infinity);
  return { heard, buffer };
}

/** Stamped by when it was spoken. */
const spoken = (n: number, at = n * FRAME_MS): Arrival => ({ n, sentAt: EPOCH + n * FRAME_MS, at });
const levels = (heard: readonly Heard[]): number[] => heard.map(({ pcm }) => pcm[0] ?? 0);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const none = { framesLate: 0, framesLost: 0, framesConcealed: 0, framesDuplicated: 0 };

describe('frames that come in order', () => {
  it('pass at once and untouched, whatever the rhythm in which they arrive', () => {
    const waits = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(waits, fc.boolean(), (delays, stamped) => {
        let latest = 0;
        const arrivals = delays.map((delay, n) => {
          latest = Math.max(latest, n * FRAME_MS + delay);
          return { ...spoken(n, latest), ...(stamped ? {} : { sentAt: null }) };
        });
        const { heard, buffer } = hear(arrivals);
        expect(levels(heard)).toEqual(arrivals.map(({ n }) => n + 1));
        expect(heard.map(({ at }) => at)).toEqual(arrivals.map(({ at }) => at));
        expect(buffer.counts).toMatchObject({ framesLost: 0, framesConcealed: 0, framesDuplicated: 0 });
      }),
    );
  });

  it('count as late beyond 50 ms, each of a burst that follows a stall', () => {
    // Frames 5 to 14 all arrive at 300 ms: the last of them 20 ms late, frame 11 at 80.
    const { buffer } = hear(upTo(30).map((n) => spoken(n, n >= 5 && n < 15 ? 300 : n * FRAME_MS)));
    expect(buffer.counts).toEqual({ ...none, framesLate: 8 }); // 5 to 12: 200, 180 … 60 ms
  });

  it('are not late for ever on a line that became slower', () => {
    const { buffer } = hear(upTo(1_000).map((n) => spoken(n, n * FRAME_MS + (n < 10 ? 0 : 100))));
    expect(buffer.counts.framesLate).toBeLessThan(100);
    expect(buffer.counts.framesLost).toBe(0);
  });
});

describe('a gap in the stamps', () => {
  it('is filled before the frame behind it, which the next one confirms 20 ms later', () => {
    const { heard, buffer } = hear([spoken(0), spoken(1), spoken(5), spoken(6), spoken(7)]);
    expect(heard.map(({ at }) => at)).toEqual([0, 20, 120, 120, 120, 120, 120, 140]);
    expect(levels(heard).slice(5)).toEqual([6, 7, 8]);
    expect(buffer.counts).toEqual({ ...none, framesLost: 3, framesConcealed: 3 });
  });

  it('is filled after 50 ms when nothing comes that confirms it', () => {
    const { heard } = hear([spoken(0), spoken(3), { ...spoken(4), at: 500 }]);
    expect(heard.map(({ at }) => at)).toEqual([0, 110, 110, 110, 500]);
  });

  it('keeps every frame at its place and holds none for longer than 50 ms, however many are lost', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 2, maxLength: 200 }), (kept) => {
        const numbers = upTo(kept.length).filter((n) => kept[n]);
        fc.pre(numbers.every((n, index) => n - (numbers[index - 1] ?? n) <= 50));
        const { heard, buffer } = hear(numbers.map((n) => spoken(n)));
        const first = numbers[0] ?? 0;
        for (const n of numbers) {
          const frame = heard[n - first];
          expect(frame?.pcm).toEqual(frameOf(n));
          expect((frame?.at ?? NaN) - n * FRAME_MS).toBeLessThanOrEqual(50);
        }
        const lost = numbers.length === 0 ? 0 : (numbers.at(-1) ?? 0) - first + 1 - numbers.length;
        expect(buffer.counts).toEqual({ ...none, framesLost: lost, framesConcealed: lost });
      }),
    );
  });

  it('of more than a second is counted and not filled; of more than a minute it is a clock that was set', () => {
    const { heard, buffer } = hear([spoken(0), spoken(100), spoken(101), spoken(10_000), spoken(10_001)]);
    expect(heard.map(({ at }) => at)).toEqual([0, 2_000, 2_020, 200_000, 200_020]);
    expect(buffer.counts).toEqual({ ...none, framesLost: 99 });
  });

  it('backwards is a clock that was set, too', () => {
    const back = (n: number): Arrival => ({ ...spoken(n), sentAt: EPOCH - 3_600_000 + n * FRAME_MS });
    const { heard, buffer } = hear([spoken(0), spoken(1), back(2), back(3)]);
    expect(heard.map(({ at }) => at)).toEqual([0, 20, 40, 60]);
    expect(buffer.counts).toEqual(none);
  });

  it('does not grow out of clocks that drift', () => {
    // 200 millionths: the carrier's audio is 120 ms slower than its clock after ten minutes
    const { buffer } = hear(upTo(30_000).map((n) => ({ ...spoken(n), sentAt: EPOCH + Math.round(n * FRAME_MS * 1.0002) })));
    expect(buffer.counts).toEqual(none);
  });
});

it('a carrier that stamps what it sends, stalls and catches up has lost nothing', () => {
  const stalls = fc.array(fc.record({ after: fc.integer({ min: 1, max: 60 }), frames: fc.integer({ min: 1, max: 40 }) }), { maxLength: 4 });
  fc.assert(
    fc.property(stalls, (stalled) => {
      const sentAt = upTo(500).map((n) => n * FRAME_MS);
      let from = 0;
      for (const { after, frames } of stalled) {
        from += after;
        sentAt.fill((from + frames) * FRAME_MS, from, from + frames);
        from += frames;
      }
      const { heard, buffer } = hear(sentAt.map((at, n) => ({ n, at, sentAt: EPOCH + at })));
      expect(levels(heard)).toEqual(upTo(500).map((n) => n + 1));
      for (const [n, { at }] of heard.entries()) expect(at - (sentAt[n] ?? NaN)).toBeLessThanOrEqual(50);
      expect(buffer.counts).toMatchObject({ framesLost: 0, framesConcealed: 0, framesDuplicated: 0 });
    }),
  );
});

it('a frame that comes twice is taken once; silence that is stamped alike is kept', () => {
  const twice = hear([spoken(0), spoken(1), spoken(1), spoken(2)]);
  expect(levels(twice.heard)).toEqual([1, 2, 3]);
  expect(twice.buffer.counts).toEqual({ ...none, framesDuplicated: 1 });
  const silent: Int16Array[] = [];
  const buffer = new JitterBuffer(RATE, (pcm) => silent.push(pcm));
  for (const sentAt of [0, 60, 60, 60, 80]) buffer.push(new Int16Array(320), EPOCH + sentAt, sentAt);
  expect(silent).toHaveLength(5);
});

describe('what fills a gap', () => {
  it('has no step at its joints, and is silent after 60 ms', () => {
    const heard: Int16Array[] = [];
    const buffer = new JitterBuffer(RATE, (pcm) => heard.push(pcm));
    const sine = Int16Array.from({ length: 320 }, (_, n) => Math.round(8_000 * Math.sin((2 * Math.PI * 210 * n) / RATE)));
    buffer.push(sine, 0, 0);
    for (const sentAt of [140, 160]) buffer.push(sine, sentAt, sentAt);
    const filled = heard.slice(0, 7).flatMap((frame) => [...frame]);
    const steps = filled.slice(1).map((sample, index) => Math.abs(sample - (filled[index] ?? 0)));
    expect(Math.max(...steps)).toBeLessThanOrEqual(8_000 * ((2 * Math.PI * 210) / RATE) + 2);
    expect(heard.slice(4, 7).every((frame) => frame.every((sample) => sample === 0))).toBe(true);
    expect(Math.max(...(heard[1] ?? []))).toBeGreaterThan(5_000);
  });
});
