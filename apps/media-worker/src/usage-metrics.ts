import type { ProviderNews } from '@carillon/pipeline';
import { Counter, Histogram, type Registry } from '@carillon/platform';

/** Finer where it matters whether people are understood: the alert is at 0.85. */
const CONFIDENCE_BUCKETS = [0.2, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1];

/** Counts what models and recognisers tell of their work in calls. */
export function createUsageMetrics(registry: Registry): (news: ProviderNews) => void {
  const registers = [registry];
  const tokens = (name: string, help: string) => new Counter({ name, help, labelNames: ['provider', 'direction'], registers });
  const spent = tokens('carillon_llm_tokens_total', 'Tokens of answers in calls, as the service counts them');
  const wasted = tokens('carillon_llm_tokens_wasted_total', 'Those of answers that were asked for early and written to their end in vain');
  const confidence = new Histogram({
    name: 'carillon_recognition_confidence',
    help: 'How sure the recogniser is of final transcripts',
    buckets: CONFIDENCE_BUCKETS,
    registers,
  });
  const reopens = new Counter({
    name: 'carillon_recogniser_reopens_total',
    help: 'Streams of recognisers that were opened in the place of another one in mid-call',
    labelNames: ['cause'],
    registers,
  });
  return (news) => {
    switch (news.type) {
      case 'tokens':
        return countTokens(spent, news);
      case 'tokens-wasted':
        return countTokens(wasted, news);
      case 'recognised':
        return confidence.observe(news.confidence);
      case 'recogniser-reopened':
        return reopens.inc({ cause: news.cause });
    }
  };
}

function countTokens(
  counter: Counter,
  { provider = 'unknown', inputTokens, outputTokens }: Extract<ProviderNews, { inputTokens: number }>,
): void {
  counter.inc({ provider, direction: 'input' }, inputTokens);
  counter.inc({ provider, direction: 'output' }, outputTokens);
}
