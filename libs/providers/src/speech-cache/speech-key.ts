import { createHash } from 'node:crypto';
import type { TtsRequest } from '@carillon/pipeline';
import { withPronunciations } from '../pronunciations.js';

/** Raised when a service's voices or our markup change, so that nobody hears what was kept before. */
const EDITION = 2;

/** Names the sound of a request; tells nothing of its text. Of a vocabulary only what this text holds of it makes another sound. */
export function speechKey({ text, voice, customVoice, language, style, rate, sampleRate, vocabulary }: TtsRequest): string {
  const pronounced = withPronunciations(text, vocabulary).filter(({ say }) => say !== undefined);
  const special = customVoice === undefined && pronounced.length === 0 ? [] : [customVoice ?? null, pronounced];
  return createHash('sha256')
    .update(JSON.stringify([EDITION, text, voice, language, style, rate, sampleRate, ...special]))
    .digest('hex');
}
