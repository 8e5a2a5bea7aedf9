import type { ClaimField } from '@carillon/contracts';
import { fieldKind, nameWords } from '../hearing/field-kind.js';

/** Longer descriptions are explanations, not names of things. */
const MAX_NOUN_WORDS = 9;

/** More words than this, and "the" sounds better than "your". */
const MAX_POSSESSED_WORDS = 3;

const PERSON = '(?:customer|caller|callee|client|person|contact|recipient|policy ?holder|patient|guest|user|subscriber|member)';
const INDIRECT = /^(?:how|which|what|when|where|who|whether|why)\b/;

const FRAMES = ['Could you tell me {}, please?', 'May I have {}, please?', 'Could you give me {}, please?'];
const INDIRECT_FRAMES = ['Could you tell me {}, please?', 'Could you please tell me {}?'];

/** What is asked for, as it stands in a question: "your full name", "the day of the delivery", "how many guests will come". */
export function fieldNoun(field: ClaimField): string {
  const described = nounOfDescription(field.description ?? '');
  return described === '' ? `your ${nounOfName(field.name)}` : described;
}

/** A question for the field. `asked` is how often it was asked before: the words change a little. */
export function fieldQuestion(field: ClaimField, asked: number): string {
  const noun = fieldNoun(field);
  const kind = fieldKind(field);
  if (kind === 'yes-no' && !INDIRECT.test(noun)) return `Could you tell me, yes or no: ${noun}?`;
  const frames = INDIRECT.test(noun) ? INDIRECT_FRAMES : FRAMES;
  const frame = frames[(field.name.length + asked) % frames.length] ?? FRAMES[0] ?? '';
  const question = frame.replace('{}', noun);
  return kind === 'choice' ? `${question} Is it ${choices(field.values ?? [])}?` : question;
}

/** Whose field is asked for in these words; where several fit, the one with the longest name. */
export function fieldAskedIn(text: string, fields: readonly ClaimField[]): ClaimField | null {
  const words = ` ${letters(text)} `;
  const found = fields.filter((field) => words.includes(` ${letters(fieldNoun(field))} `));
  return found.sort((a, b) => fieldNoun(b).length - fieldNoun(a).length)[0] ?? null;
}

function nounOfDescription(description: string): string {
  const [head = ''] = description.trim().split(/[,;:.(]|\s[-–—]\s/);
  const words = lowerFirst(head.trim().replace(/\s+/g, ' '));
  if (words === '' || words.split(' ').length > MAX_NOUN_WORDS) return '';
  const spoken = toSecondPerson(words);
  if (INDIRECT.test(spoken) || /^(?:the|your|a|an|any)\b/.test(spoken)) return spoken.replace(/^an? /, 'the ');
  return `${possessive(spoken) ? 'your' : 'the'} ${spoken.replace(/^your /, '')}`;
}

function possessive(words: string): boolean {
  return words.split(' ').length <= MAX_POSSESSED_WORDS && !/\b(?:of|in|on|at|for|to|that|which|where|when)\b/.test(words);
}

/** "the customer's name", "name of the customer", "whether the customer agrees" → "your name", "whether you agree" */
function toSecondPerson(words: string): string {
  return words
    .replace(new RegExp(`\\b(?:the )?${PERSON}'s\\b|\\b(?:their|his|her)\\b`, 'g'), 'your')
    .replace(new RegExp(`^(?:the )?(.+?) of the ${PERSON}$`), 'your $1')
    .replace(new RegExp(`\\bthe ${PERSON} (\\w+)`, 'g'), (_, verb: string) => `you ${secondPerson(verb)}`);
}

const IRREGULAR: Readonly<Record<string, string>> = { is: 'are', was: 'were', has: 'have', does: 'do', goes: 'go' };

function secondPerson(verb: string): string {
  const regular = verb.endsWith('s') && !verb.endsWith('ss') ? verb.slice(0, -1) : verb;
  return IRREGULAR[verb] ?? regular;
}

function nounOfName(name: string): string {
  return nameWords(name)
    .replace(/\bdate ?time\b/, 'date and time')
    .replace(new RegExp(`^${PERSON} (?=name|email|phone|address|birth)`), '');
}

function choices(values: readonly string[]): string {
  const spoken = values.map((value) => value.replace(/_/g, ' '));
  return spoken.length < 2 ? spoken.join('') : `${spoken.slice(0, -1).join(', ')} or ${spoken.at(-1) ?? ''}`;
}

/** "Full name" → "full name", but "VAT id" stays. */
function lowerFirst(text: string): string {
  return /^[A-Z][^A-Z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

function letters(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
