import { createMetrics } from '@carillon/platform';
import { createProviderMetrics } from './provider-metrics.js';
import { createUsageMetrics } from './usage-metrics.js';

describe('the metrics of what providers do', () => {
  it('count tokens by model, and those that were of no use apart', async () => {
    const registry = createMetrics('media-worker');
    const count = createUsageMetrics(registry);
    count({ type: 'tokens', provider: 'fast', inputTokens: 100, outputTokens: 7 });
    count({ type: 'tokens', provider: 'fast', inputTokens: 120, outputTokens: 5 });
    count({ type: 'tokens-wasted', provider: 'fast', inputTokens: 120, outputTokens: 5 });
    count({ type: 'tokens', inputTokens: 1, outputTokens: 2 });
    const text = await registry.metrics();
    expect(text).toMatch(/carillon_llm_tokens_total\{provider="fast",direction="input"[^}]*\} 220/);
    expect(text).toMatch(/carillon_llm_tokens_total\{provider="fast",direction="output"[^}]*\} 12/);
    expect(text).toMatch(/carillon_llm_tokens_total\{provider="unknown",direction="output"[^}]*\} 2/);
    expect(text).toMatch(/carillon_llm_tokens_wasted_total\{provider="fast",direction="output"[^}]*\} 5/);
  });

  it('show how sure recognition is, and how often it had to be asked again', async () => {
    const registry = createMetrics('media-worker');
    const count = createUsageMetrics(registry);
    for (const confidence of [0.84, 0.86, 0.99]) count({ type: 'recognised', confidence });
    count({ type: 'recogniser-reopened', cause: 'failed' });
    const text = await registry.metrics();
    expect(text).toMatch(/carillon_recognition_confidence_bucket\{le="0.85"[^}]*\} 1/);
    expect(text).toMatch(/carillon_recognition_confidence_count\{[^}]*\} 3/);
    expect(text).toMatch(/carillon_recogniser_reopens_total\{cause="failed"[^}]*\} 1/);
  });

  it('time first pieces by who gave them, each from when they themselves were asked', async () => {
    const registry = createMetrics('media-worker');
    const observe = createProviderMetrics(registry);
    observe({ type: 'answered', kind: 'tts', provider: 'second', attempt: 2, hedged: false, afterMs: 1_700, ownMs: 190 });
    observe({ type: 'answered', kind: 'stt', provider: 'first', attempt: 1, hedged: false, afterMs: 4_000, ownMs: 4_000 }); // silence of the person
    const text = await registry.metrics();
    expect(text).toMatch(/carillon_provider_first_piece_seconds_sum\{[^}]*kind="tts",provider="second"\} 0.19/);
    expect(text).not.toMatch(/carillon_provider_first_piece_seconds_count\{[^}]*kind="stt"/);
  });
});
