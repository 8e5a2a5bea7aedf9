import { runDemo } from './run-demo.js';
import { type CollectedSpan, collectTraces } from './trace-collector.js';

describe('the demo campaign', () => {
  test('calls every person once, collects what the talkative ones say, and leaves one trace per call', async () => {
    const collector = await collectTraces();
    try {
      const result = await runDemo([], undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SAMPLE_RATIO: '1' });
      expect(result).toMatchObject({ result: 'demo', lost: 0, double_dials: 0 });
      expect(result.answered).toBeGreaterThanOrEqual(8);
      expect(result.fields_expected).toBeGreaterThanOrEqual(30);
      expect(result.fields_correct).toBe(result.fields_expected);
      const { dispositions } = result;
      expect(Object.values(dispositions).reduce((sum, count) => sum + count, 0)).toBe(result.contacts);
      for (const name of [
        'completed',
        'busy',
        'no_answer',
        'declined',
        'invalid_number',
        'callee_hung_up',
        'no_conversation',
        'message_left',
      ]) {
        expect(dispositions).toHaveProperty(name);
      }
      const { voicemails } = result;
      expect(voicemails.called).toBeGreaterThan(0);
      expect(voicemails).toMatchObject({ recognised: voicemails.called, messages_recorded: voicemails.called, mistaken: 0 });
      expect(result.reply_latency_ms.p50).toBeGreaterThan(0);
      expect(servicesOfConversation(collector.spans)).toEqual(
        expect.arrayContaining(['carillon-api', 'carillon-dialer-worker', 'carillon-media-worker']),
      );
    } finally {
      await collector.close();
    }
  }, 420_000);
});

/** Services that have spans in the trace of a conversation: from the upload of its row to its turns. */
function servicesOfConversation(spans: readonly CollectedSpan[]): string[] {
  const conversation = spans.find((span) => span.name === 'conversation');
  return [...new Set(spans.filter((span) => span.traceId === conversation?.traceId).map((span) => span.service))].sort();
}
