import { createJobObserver } from './job-observer.js';
import { createLogger } from './logger.js';
import { createMetrics } from './metrics.js';

/** Labels that would hold one value per person or call. */
const PERSONAL = /phone|name_|caller|callee|contact|transcript|call_?id|tenant/i;

describe('the metrics registry', () => {
  it('has the runtime and the event loop delay, without the gauges that Prometheus refuses', async () => {
    const text = await createMetrics('api').metrics();
    expect(text).toMatch(/carillon_event_loop_delay_seconds\{quantile="0.99",service="api"\}/);
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).not.toMatch(/nodejs_active_\w+_total/);
  });

  it('labels nothing by person or call', async () => {
    const registry = createMetrics('dialer-worker');
    const observer = createJobObserver(registry, createLogger('test', { level: 'silent', pii: false }));
    observer.started('dial', 12);
    observer.completed('dial', 40);
    observer.failed('dial', new Error('no'), true);
    const labels = [...(await registry.metrics()).matchAll(/(\w+)="/g)].map(([, label]) => label ?? '');
    expect(labels.filter((label) => PERSONAL.test(label))).toEqual([]);
    expect(await registry.metrics()).toMatch(/carillon_job_failures_total\{job="dial",last="true",service="dialer-worker"\} 1/);
  });
});
