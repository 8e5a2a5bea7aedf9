import { LoopDelayWatch, startLoopDelayMeter } from './loop-delay-watch.js';

it('an event loop is too late from the look that finds it so until three looks have found it better', () => {
  const found = [20, 250, 40, 30, 20];
  const watch = new LoopDelayWatch({ readP99Ms: () => found.shift() ?? 0 }, 200);
  const story = Array.from({ length: 5 }, () => {
    watch.look();
    return [watch.p99Ms, watch.overloaded];
  });
  expect(story).toEqual([
    [20, false],
    [250, true],
    [250, true],
    [250, true],
    [40, false],
  ]);
});

it('the delay is that of the real loop, since the last look', async () => {
  const meter = startLoopDelayMeter();
  for (let blocked = 0; blocked < 3; blocked += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    for (const until = performance.now() + 60; performance.now() < until;) continue;
  }
  await new Promise((resolve) => setTimeout(resolve, 15));
  expect(meter.readP99Ms()).toBeGreaterThan(40);
  expect(meter.readP99Ms()).toBe(0);
  meter.stop();
});
