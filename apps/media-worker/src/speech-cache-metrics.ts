import { Counter, Gauge, type Registry } from '@carillon/platform';
import type { CachedTtsStatistics } from '@carillon/providers';

/** Shows what synthesis was spared; read only when the metrics are asked for. */
export function addSpeechCacheMetrics(registry: Registry, statistics: () => CachedTtsStatistics): void {
  const registers = [registry];
  const utterances = new Counter({
    name: 'carillon_speech_cache_utterances_total',
    help: 'Utterances that were there, were being synthesised for another call, or had to be synthesised',
    labelNames: ['result'],
    registers,
    collect() {
      const { hits, shared, misses } = statistics();
      utterances.reset();
      utterances.inc({ result: 'hit' }, hits);
      utterances.inc({ result: 'shared' }, shared);
      utterances.inc({ result: 'miss' }, misses);
    },
  });
  const gauge = (name: string, help: string, key: 'sounds' | 'bytes') =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(statistics()[key]);
      },
    });
  gauge('carillon_speech_cache_sounds', 'Utterances that are kept in memory', 'sounds');
  gauge('carillon_speech_cache_bytes', 'What they take', 'bytes');
}
