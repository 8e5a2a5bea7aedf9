import type { SttProvider } from '@carillon/pipeline';
import type { CarillonConfig, Logger } from '@carillon/platform';
import {
  AzureSttProvider,
  AzureSttSocketProvider,
  AzureTtsProvider,
  FailoverLlm,
  FailoverStt,
  FailoverTts,
  OpenAiLlmProvider,
  type AzureSttSocketOptions,
  type BreakerBoard,
  type FailoverObserver,
} from '@carillon/providers';
import type { Time } from './ports.js';

/** The services that calls hear, think and speak with, each with those behind it that the configuration names. */
export function openProviders(
  { speech, llm }: Pick<CarillonConfig, 'speech' | 'llm'>,
  { clock }: Time,
  log: Logger,
  { observe, board }: { observe: FailoverObserver; board?: BreakerBoard | undefined },
) {
  const openRecogniser = (options: AzureSttSocketOptions): SttProvider =>
    speech.sttClient === 'sdk' ? new AzureSttProvider(options) : new AzureSttSocketProvider(options);
  const shared = { clock, log, observe, board };
  const resources = [
    { name: 'first', ...speech },
    { name: 'second', ...speech.fallback },
  ].filter(({ key }) => key !== '');
  const models = [
    { name: 'fast', ...llm.fast },
    { name: 'slow', ...llm.slow },
    { name: 'other', ...llm.other },
  ]
    .filter(({ name, model }) => name !== 'other' || model !== '')
    .filter((one, index, all) => all.findIndex((model) => isSameModel(model, one)) === index);
  return {
    stt: new FailoverStt({
      ...shared,
      providers: resources.map(({ name, sttUrl: url, key }) => ({
        name,
        provider: openRecogniser({ endpoint: { url, key }, clock, log }),
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

type Model = CarillonConfig['llm']['fast'];

/** Who fails is not asked a second time under another name. */
function isSameModel(one: Model, other: Model): boolean {
  return one.url === other.url && one.model === other.model;
}
