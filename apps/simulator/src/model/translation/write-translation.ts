import { z } from 'zod';
import type { ChatMessage } from '../chat-request.js';
import { PHRASEBOOK } from './phrasebook.js';

const ASKED = /^Translate from .+ \(\S+\) into .+ \(([a-zA-Z-]+)\)\.$/m;
const SENTENCE = /[^.!?]+[.!?]*\s*/g;

const textsSchema = z.record(z.string(), z.string());

/**
 * The texts of the last message in the language that the prompt asks for, sentence by sentence; what it does not know it leaves as it is. Null where no translation is asked for.
 */
export function writeTranslation(messages: readonly ChatMessage[]): Record<string, string> | null {
  const prompt = messages.find(({ role }) => role === 'system' || role === 'developer')?.content ?? '';
  const language = ASKED.exec(prompt)?.[1];
  const texts = textsIn(messages.at(-1)?.content ?? '');
  if (language === undefined || texts === null) return null;
  const known = PHRASEBOOK[language.split('-')[0] ?? ''] ?? {};
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, inPhrases(text, known)]));
}

function inPhrases(text: string, known: Readonly<Record<string, string>>): string {
  return text.replaceAll(SENTENCE, (sentence) => {
    const words = sentence.trimEnd();
    return (known[words] ?? words) + sentence.slice(words.length);
  });
}

function textsIn(content: string): Record<string, string> | null {
  try {
    return textsSchema.safeParse(JSON.parse(content)).data ?? null;
  } catch {
    return null; // a message in words
  }
}
