import { Counter, Gauge, type Registry } from '@carillon/platform';
import type { FailoverObserver } from '@carillon/providers';

/** Counts who answered, who failed and whom nobody asks any more. Providers go by their names in the configuration. */
export function createProviderMetrics(registry: Registry): FailoverObserver {
  const registers = [registry];
  const counter = (name: string, help: string, ...labels: string[]) =>
    new Counter({ name, help, labelNames: ['kind', 'provider', ...labels], registers });
  const answers = counter('carillon_provider_answers_total', 'Requests that a provider began to answer', 'way');
  const failures = counter('carillon_provider_failures_total', 'Requests that a provider failed', 'code', 'cut_off');
  const hedges = counter('carillon_provider_hedges_total', 'Requests that a provider got beside a slow one');
  const open = new Gauge({
    name: 'carillon_provider_circuit_open',
    help: '1 while a provider is left alone because it failed, was too slow or had enough of us',
    labelNames: ['kind', 'provider'],
    registers,
  });
  return (event) => {
    const { kind, provider } = event;
    switch (event.type) {
      case 'answered':
        return answers.inc({ kind, provider, way: event.hedged ? 'hedge' : event.attempt > 1 ? 'failover' : 'first' });
      case 'failed':
        return failures.inc({ kind, provider, code: event.code, cut_off: String(event.cutOff) });
      case 'hedged':
        return hedges.inc({ kind, provider });
      case 'circuit':
        return open.set({ kind, provider }, event.state === 'closed' ? 0 : 1);
    }
  };
}
