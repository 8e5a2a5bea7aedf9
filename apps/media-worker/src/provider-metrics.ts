import { Counter, Gauge, Histogram, type Registry } from '@carillon/platform';
import type { FailoverObserver } from '@carillon/providers';

const FIRST_PIECE_BUCKETS_S = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3, 5];
const MS_PER_S = 1000;

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
  const firstPieces = new Histogram({
    name: 'carillon_provider_first_piece_seconds',
    help: 'From the request to a model to its first token, and to a voice to its first audio',
    labelNames: ['kind', 'provider'],
    buckets: FIRST_PIECE_BUCKETS_S,
    registers,
  });
  return (event) => {
    const { kind, provider } = event;
    switch (event.type) {
      case 'answered':
        // a recogniser says its first word when the person does
        if (kind !== 'stt') firstPieces.observe({ kind, provider }, event.ownMs / MS_PER_S);
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
