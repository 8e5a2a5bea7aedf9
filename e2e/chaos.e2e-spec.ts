import { runChaos } from './run-chaos.js';

describe('a campaign while everything breaks', () => {
  test('loses nobody, calls nobody twice, and keeps to windows, caps and the blacklist', async () => {
    const result = await runChaos(['--contacts', '40', '--seed', '3', '--minutes', '1.2']);
    const { lost, double_dials, outside_window, over_cap, over_concurrency, blacklisted_dialed, unaccounted } = result;
    expect({ lost, double_dials, outside_window, over_cap, over_concurrency, blacklisted_dialed, unaccounted }).toEqual({
      ...{ lost: 0, double_dials: 0, outside_window: 0, over_cap: 0, over_concurrency: 0, blacklisted_dialed: 0, unaccounted: 0 },
    });
    // a run in which nothing happened would prove nothing
    expect(result.reached).toBeGreaterThan(10);
    expect(Math.min(...Object.values(result.kills))).toBeGreaterThan(0);
  }, 180_000);
});
