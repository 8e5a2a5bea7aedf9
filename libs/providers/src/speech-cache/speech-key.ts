import { createHash } from 'node:crypto';
import type { TtsRequest } from '@carillon/pipeline';

/** Raised when a service's voices or our markup change, so that nobody hears what was kept before. */
const EDITION = 1;

/** Names the sound of a request; tells nothing of its text. */
export function speechKey({ text, voice, language, style, rate, sampleRate }: TtsRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([EDITION, text, voice, language, style, rate, sampleRate]))
    .digest('hex');
}
