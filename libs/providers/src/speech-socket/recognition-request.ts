import type { AzureEndpoint } from '../azure-endpoint.js';

/** How a recognition is done, apart from the call. */
export interface RecognitionSettings {
  /** Silence that ends an utterance. */
  segmentationSilenceMs: number;
  /** After so much silence the service says so. */
  initialSilenceMs: number;
}

/** The service takes a few hundred phrases; more make it slower and are ignored. */
const MAX_PHRASES = 300;

/** Sent once on each connection, before anything else. */
export const SPEECH_CONFIG = {
  context: { system: { name: 'Carillon', version: '1.0.0', build: 'JavaScript', lang: 'JavaScript' } },
  recognition: 'conversation',
};

/** Where the service listens. Throws when the URL has no path: there is none that it would mean. */
export function recognitionAddress(endpoint: AzureEndpoint): URL {
  const url = new URL(endpoint.url);
  if (url.pathname === '/' || url.pathname === '') throw new Error(`the speech URL needs its full path: ${url.host} has none`);
  return url;
}

/** The language is part of the connection; phrases are not. */
export function recognitionUrl(address: URL, language: string, settings: RecognitionSettings): URL {
  const url = new URL(address);
  url.searchParams.set('language', language);
  url.searchParams.set('format', 'detailed');
  url.searchParams.set('segmentationSilenceTimeoutMs', String(settings.segmentationSilenceMs));
  url.searchParams.set('initialSilenceTimeoutMs', String(settings.initialSilenceMs));
  return url;
}

/** Sent at the beginning of each turn. */
export function speechContext(language: string, phrases: readonly string[], settings: RecognitionSettings): object {
  const items = phrases.slice(0, MAX_PHRASES).map((text) => ({ text }));
  return {
    phraseDetection: {
      mode: 'Conversation',
      language,
      initialSilenceTimeout: settings.initialSilenceMs,
      conversation: { segmentation: { mode: 'Custom', segmentationSilenceTimeoutMs: settings.segmentationSilenceMs } },
    },
    phraseOutput: { format: 'Detailed' },
    ...(items.length > 0 && { dgi: { groups: [{ type: 'Generic', items }], bias: 1 } }),
  };
}
