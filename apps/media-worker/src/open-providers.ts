import type { CarillonConfig, Logger } from '@carillon/platform';
import {
  AzureSttProvider,
  AzureTtsProvider,
  FailoverLlm,
  FailoverStt,
  FailoverTts,
  OpenAiLlmProvider,
  type BreakerBoard,
  type FailoverObserver,
} from '@carillon/providers';
import type { Time } from './ports.js';

/** The services that calls hear, think and speak with, each with the second one that the configuration names behind it. */
export function openProviders(
  { speech, llm }: Pick<CarillonConfig, 'speech' | 'llm'>,
  { clock }: Time,
  log: Logger,
  { observe, board }: { observe: FailoverObserver; board?: BreakerBoard | undefined },
) {
  const shared = { clock, log, observe, board };
  const resources = [
    { name: 'first', ...speech },
    { name: 'second', ...speech.fallback },
  ].filter(({ key }) => key !== '');
  const models = [
    { name: 'fast', ...llm.fast },
    { name: 'slow', ...llm.slow },
  ].filter(({ name, url, model }) => name === 'fast' || url !== llm.fast.url || model !== llm.fast.model);
  return {
    stt: new FailoverStt({
      ...shared,
      providers: resources.map(({ name, sttUrl, key }) => ({
        name,
        provider: new AzureSttProvider({ endpoint: { url: sttUrl, key }, log }),
      })),
    }),
    tts: new FailoverTts({
      ...shared,
      providers: resources.map(({ name, ttsUrl, key }) => ({
        name,
        provider: new AzureTtsProvider({ endpoint: { url: ttsUrl, key }, clock, log }),
      })),
    }),
    llm: new FailoverLlm({
      ...shared,
      providers: models.map(({ name, ...endpoint }) => ({ name, provider: new OpenAiLlmProvider({ ...endpoint, clock }) })),
      hedgeAfterMs: llm.hedge.afterMs,
      hedgeShare: llm.hedge.share,
    }),
  };
}
