import { NO_CALL_STATS } from '@carillon/pipeline';
import { createMetrics } from '@carillon/platform';
import { createMediaMetrics } from './media-metrics.js';

function stage() {
  const registry = createMetrics('media-worker');
  const gauges = { slots: () => 4, state: () => 'draining' as const, relays: () => 0, openCalls: () => [NO_CALL_STATS] };
  const metrics = createMediaMetrics(registry, gauges);
  const valueOf = async (name: string): Promise<string | undefined> =>
    (await registry.metrics())
      .split('\n')
      .find((line) => line.startsWith(name))
      ?.split(' ')
      .at(-1);
  return { metrics, valueOf };
}

describe('the metrics of calls', () => {
  it('count echoes that the echo meter had taken for a voice apart: they are what it missed', async () => {
    const { metrics, valueOf } = stage();
    metrics.observeSign({ type: 'echo', missed: true });
    metrics.observeSign({ type: 'echo', missed: false });
    metrics.observeSign({ type: 'echo', missed: false });
    expect([await valueOf('carillon_media_echoes_total'), await valueOf('carillon_media_aec_missed_total')]).toEqual(['3', '1']);
  });

  it('count answers that were asked for in vain, with what the model had written of them', async () => {
    const { metrics, valueOf } = stage();
    metrics.observeSign({ type: 'speculation', outcome: 'miss', characters: 40 });
    metrics.observeSign({ type: 'speculation', outcome: 'hit', characters: 25 });
    expect(await valueOf('carillon_media_speculations_total{outcome="miss"')).toBe('1');
    expect(await valueOf('carillon_media_speculated_characters_total{outcome="miss"')).toBe('40');
  });

  it('tell why calls ended, and how many of them were dropped', async () => {
    const { metrics, valueOf } = stage();
    metrics.ended.inc({ reason: 'moved' });
    metrics.dropped.inc({ by: 'worker' });
    expect(await valueOf('carillon_media_calls_ended_total{reason="moved"')).toBe('1');
    expect(await valueOf('carillon_calls_dropped_total{by="worker"')).toBe('1');
  });
});
