import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

export { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Gauges that Prometheus' own linter refuses, because their names end like those of counters. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

const NS_PER_S = 1e9;
/** Also what the monitor adds to every delay, since it measures from one of its own ticks to the next. */
const DELAY_RESOLUTION_MS = 10;

/** The registry of one process, with the runtime's own metrics in it. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  addLoopDelay(registry);
  return registry;
}

function addLoopDelay(registry: Registry): void {
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  delay.enable();
  const gauge = new Gauge({
    name: 'carillon_event_loop_delay_seconds',
    help: 'How late the event loop was since the last scrape',
    labelNames: ['quantile'],
    registers: [registry],
    collect() {
      const seconds = (ns: number) => Math.max(0, ns / NS_PER_S - DELAY_RESOLUTION_MS / 1000);
      gauge.set({ quantile: '0.5' }, seconds(delay.percentile(50)));
      gauge.set({ quantile: '0.99' }, seconds(delay.percentile(99)));
      gauge.set({ quantile: '1' }, seconds(delay.max));
      delay.reset();
    },
  });
}
