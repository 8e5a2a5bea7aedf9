import { FrameTicker, type TickerClock } from './frame-ticker.js';

/** Time that stands still until it is moved; a timer may fire late. */
class TestClock implements TickerClock {
  ms = 0;
  due: { atMs: number; callback: () => void } | null = null;
  nowMs = () => this.ms;

  after(delayMs: number, callback: () => void): () => void {
    this.due = { atMs: this.ms + delayMs, callback };
    return () => void (this.due = null);
  }

  /** Runs the timer each time it is due, `latenessMs` late. */
  runUntil(endMs: number, latenessMs = 0): void {
    while (this.due && this.due.atMs + latenessMs <= endMs) this.fireAt(this.due.atMs + latenessMs);
    this.ms = Math.max(this.ms, endMs);
  }

  fireAt(ms: number): void {
    const fired = this.due;
    this.ms = Math.max(this.ms, ms);
    this.due = null;
    fired?.callback();
  }
}

const setUp = () => {
  const clock = new TestClock();
  return { clock, ticker: new FrameTicker(clock) };
};

describe('the frames of all calls', () => {
  it('come every 20 ms for each call, spread over four phases', () => {
    const { clock, ticker } = setUp();
    const at: Record<string, number[]> = {};
    for (const call of ['a', 'b', 'c', 'd']) ticker.join(() => (at[call] ??= []).push(clock.ms));
    clock.runUntil(60);
    expect(at).toEqual({ a: [20, 40, 60], b: [5, 25, 45], c: [10, 30, 50], d: [15, 35, 55] });
  });

  it('do not drift, however late each timer fires', () => {
    const { clock, ticker } = setUp();
    let frames = 0;
    ticker.join(() => frames++);
    clock.runUntil(60_000, 3);
    expect(frames).toBe(2_999); // the 3,000th is due at 60,000 and comes 3 ms later
  });

  it('are caught up after a stall', () => {
    const { clock, ticker } = setUp();
    let frames = 0;
    ticker.join(() => frames++);
    clock.fireAt(500);
    expect(frames).toBe(25);
  });

  it('are given up after a stall of more than a second, and counted', () => {
    const { clock, ticker } = setUp();
    let frames = 0;
    ticker.join(() => frames++);
    clock.fireAt(10_000);
    expect(frames).toBe(50);
    expect(ticker.skippedFrames).toBe(450);
  });

  it('stop with the last call, and begin with the next', () => {
    const { clock, ticker } = setUp();
    let frames = 0;
    const leave = ticker.join(() => {
      if (++frames === 2) leave();
    });
    clock.runUntil(1_000);
    expect([frames, clock.due]).toEqual([2, null]);
    ticker.join(() => frames++);
    clock.runUntil(1_040);
    expect(frames).toBe(4);
  });
});
