import { runDemo } from './run-demo.js';

describe('the demo campaign', () => {
  test('calls every person once and collects what the talkative ones say', async () => {
    const result = await runDemo([]);
    expect(result).toMatchObject({ result: 'demo', lost: 0, double_dials: 0 });
    expect(result.answered).toBeGreaterThanOrEqual(8);
    expect(result.fields_expected).toBeGreaterThanOrEqual(30);
    expect(result.fields_correct).toBe(result.fields_expected);
    const { dispositions } = result;
    expect(Object.values(dispositions).reduce((sum, count) => sum + count, 0)).toBe(result.contacts);
    for (const name of ['completed', 'busy', 'no_answer', 'declined', 'invalid_number', 'callee_hung_up', 'no_conversation'])
      expect(dispositions).toHaveProperty(name);
    expect(result.reply_latency_ms.p50).toBeGreaterThan(0);
  }, 420_000);
});
