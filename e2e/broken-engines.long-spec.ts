import { runChaos } from './run-chaos.js';

/** The engine with one thing taken away from it (chaos/broken-engines), and its dialers struck where that matters. */
const runBroken = (engine: string, failpoints: string, contacts: number, minutes: number) =>
  runChaos(['--break', engine, '--failpoints', failpoints, '--contacts', `${contacts}`, '--minutes', `${minutes}`, '--seed', '3']);

describe('the referee of the chaos run finds the fault of', () => {
  test('an engine that trusts the queue to run a job once (maxStalledCount: 1)', async () => {
    expect((await runBroken('stalled-jobs', 'dial.after-post:0.12', 40, 2)).double_dials).toBeGreaterThan(0);
  }, 240_000);

  test('an engine without the compare-and-set before it dials', async () => {
    expect((await runBroken('no-compare-and-set', 'dial.admitted:0.15:freeze', 40, 2)).double_dials).toBeGreaterThan(0);
  }, 240_000);

  test('an engine that keeps its caps in Redis only', async () => {
    expect((await runBroken('caps-in-redis', '', 60, 3)).over_cap).toBeGreaterThan(0);
  }, 300_000);
});
