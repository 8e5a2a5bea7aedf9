import { createDialPace } from './dial-pace.js';

const at = (ms: number) => new Date(1_000_000 + ms);

it('At first a hundred calls may lie in the queue', () => {
  const pace = createDialPace();
  expect(pace.roomFor(0, at(0))).toBe(100);
  expect(pace.roomFor(130, at(250))).toBe(0);
});

it('A queue that nobody empties gets no more', () => {
  const pace = createDialPace();
  for (let ms = 0, reserved = 0; ms < 10_000; ms += 250) {
    const room = pace.roomFor(reserved, at(ms));
    pace.claimed(room, at(ms));
    reserved += room;
    expect(reserved).toBeLessThanOrEqual(100);
  }
});

it('It grows with the pace at which calls are dialed, and never beyond some seconds of it', () => {
  const pace = createDialPace();
  const perTick = 50; // 200 a second
  let reserved = 0;
  for (let ms = 0; ms < 20_000; ms += 250) {
    const room = pace.roomFor(reserved, at(ms));
    pace.claimed(room, at(ms));
    reserved = Math.max(0, reserved + room - perTick);
    if (ms > 5_000) {
      expect(reserved).toBeGreaterThan(0);
      expect(reserved).toBeLessThanOrEqual(600);
    }
  }
});
