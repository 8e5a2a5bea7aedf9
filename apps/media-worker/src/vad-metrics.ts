import { Counter, Gauge, type Registry } from '@carillon/platform';
import type { SileroVadStatistics } from '@carillon/providers';

const MS_PER_S = 1000;

/** Shows what the shared voice detector does; read only when the metrics are asked for. */
export function addVadMetrics(registry: Registry, statistics: () => SileroVadStatistics): void {
  const registers = [registry];
  const counter = (name: string, help: string, key: 'windows' | 'fallbackWindows' | 'restarts') =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(statistics()[key]);
      },
    });
  counter('carillon_vad_windows_total', 'Windows of 32 ms that the model judged', 'windows');
  counter(
    'carillon_vad_fallback_windows_total',
    'Windows judged by loudness, because the detector thread was away or behind',
    'fallbackWindows',
  );
  counter('carillon_vad_restarts_total', 'Times that the detector thread was started again', 'restarts');
  const gauge = (name: string, help: string, key: 'callsOnFallback' | 'lostThreads') =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(statistics()[key]);
      },
    });
  gauge('carillon_vad_calls_on_fallback', 'Calls whose voice is judged by loudness now', 'callsOnFallback');
  gauge('carillon_vad_lost_threads', 'Detector threads that were given up and have not ended yet', 'lostThreads');
  const latency = new Gauge({
    name: 'carillon_vad_latency_seconds',
    help: 'From the last sample of a window to its probability, since the start',
    labelNames: ['quantile'],
    registers,
    collect() {
      const { latencyP50Ms, latencyP99Ms } = statistics();
      latency.set({ quantile: '0.5' }, latencyP50Ms / MS_PER_S);
      latency.set({ quantile: '0.99' }, latencyP99Ms / MS_PER_S);
    },
  });
}
