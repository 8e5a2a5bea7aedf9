import { z } from 'zod';

/** Speaking styles of the service's voices, as it names them; a voice that does not have one speaks as it always does. */
export const VOICE_STYLES = [
  ...['none', 'cheerful', 'sad', 'advertisement_upbeat', 'affectionate', 'angry', 'assistant', 'calm', 'chat', 'customerservice'],
  ...['depressed', 'disgruntled', 'documentary-narration', 'embarrassed', 'empathetic', 'envious', 'excited', 'fearful', 'friendly'],
  ...['gentle', 'hopeful', 'lyrical', 'narration-professional', 'narration-relaxed', 'newscast', 'newscast-casual', 'newscast-formal'],
  ...['poetry-reading', 'serious', 'shouting', 'sports_commentary', 'sports_commentary_excited', 'terrified', 'unfriendly'],
  'whispering',
] as const;
export type VoiceStyle = (typeof VOICE_STYLES)[number];

/** A word of the trade: the recogniser is to expect it, and the voice to pronounce it as `say` reads, where that is given. */
export interface VocabularyTerm {
  term: string;
  say?: string | undefined;
}

/** Recognisers take a few hundred phrases and get worse with more. */
const MAX_TERMS = 300;
const MAX_TERM_LENGTH = 100;

const words = z
  .string()
  .trim()
  .min(1)
  .max(MAX_TERM_LENGTH)
  .regex(/[\p{L}\p{N}]/u, 'must hold a letter or a digit');

export const vocabularySchema = z
  .array(z.object({ term: words, say: words.optional() }))
  .max(MAX_TERMS)
  .superRefine((terms, context) => {
    const seen = new Set<string>();
    terms.forEach(({ term }, index) => {
      const key = term.toLowerCase();
      if (seen.has(key)) context.addIssue({ code: 'custom', path: [index, 'term'], message: `"${term}" is in the list twice` });
      seen.add(key);
    });
  });
