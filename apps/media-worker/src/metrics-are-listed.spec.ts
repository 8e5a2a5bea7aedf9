import { readFileSync } from 'node:fs';
import { createLogger, createJobObserver, createMetrics, type Registry } from '@carillon/platform';
import { createMediaMetrics } from './media-metrics.js';
import { createProviderMetrics } from './provider-metrics.js';
import { countedBoard } from './shared-circuits.js';
import { addSpeechCacheMetrics } from './speech-cache-metrics.js';
import { createTranslationMetrics } from './translation-metrics.js';
import { addVadMetrics } from './vad-metrics.js';

/** Labels that would hold one value per person, call or customer. */
const PERSONAL = /phone|person|caller|callee|contact|transcript|call_?id|tenant/i;

const labelsOf = (metric: object): string[] => ('labelNames' in metric ? (metric.labelNames as string[]) : []);

describe('the metrics of a media worker', () => {
  const registry: Registry = createMetrics('media-worker');
  createMediaMetrics(registry, { slots: () => 1, state: () => 'open', relays: () => 0, openCalls: () => [] });
  createJobObserver(registry, createLogger('test', { level: 'silent', pii: false }));
  createProviderMetrics(registry);
  createTranslationMetrics(registry);
  countedBoard({ get: async () => 0, set: async () => undefined }, registry);
  addSpeechCacheMetrics(registry, () => ({ hits: 0, shared: 0, misses: 0, sounds: 0, bytes: 0 }));
  const judged = { windows: 0, batches: 0, meanBatchSize: 0, latencyP50Ms: 0, latencyP99Ms: 0 };
  addVadMetrics(registry, () => ({ ...judged, fallbackWindows: 0, restarts: 0, callsOnFallback: 0, lostThreads: 0 }));
  const ours = registry.getMetricsAsArray().filter(({ name }) => name.startsWith('carillon_'));

  it('are all listed in observability/metrics.md', () => {
    const page = readFileSync(new URL('../../../observability/metrics.md', import.meta.url), 'utf8');
    expect(ours.length).toBeGreaterThan(20);
    expect(ours.map(({ name }) => name).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('are listed with their labels', () => {
    const rows = readFileSync(new URL('../../../observability/metrics.md', import.meta.url), 'utf8').split('\n');
    const isListed = (name: string, labels: readonly string[]) =>
      rows.some((row) => row.startsWith(`| \`${name}\``) && labels.every((label) => row.includes(`\`${label}\``)));
    const unlisted = ours.filter((metric) => !isListed(metric.name, labelsOf(metric)));
    expect(unlisted.map(({ name }) => name)).toEqual([]);
  });

  it('are known by the same names to who watches them', () => {
    const named = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8').match(/\bcarillon_[a-z_]+/g) ?? [];
    const page = readFileSync(new URL('../../../observability/metrics.md', import.meta.url), 'utf8');
    const names = new Set(named.map((name) => name.replace(/_(bucket|sum|count)$/, '')));
    expect(names.size).toBeGreaterThan(20);
    expect([...names].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('are labelled by nothing personal', () => {
    const labels = ours.flatMap(labelsOf);
    expect(labels).toEqual(expect.arrayContaining(['stage', 'reason', 'quantile']));
    expect(labels.filter((label) => PERSONAL.test(label))).toEqual([]);
  });
});
