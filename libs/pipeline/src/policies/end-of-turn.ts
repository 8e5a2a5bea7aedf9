import type { Ms } from '../ports.js';
import { consistsOf, endsWithOne } from '../text/units.js';
import type { ConversationRules } from '../turn/conversation-rules.js';
import { entityEndProbability } from './open-entity.js';
import type { QuestionType } from './question-type.js';
import { wordListsFor } from './word-lists.js';

/** At and above it an end is sure; in the middle nobody can tell; at and below the last one more must follow. */
const SURE = 0.9;
export const UNSURE = 0.5;
const OPEN = 0.1;

export interface EndOfTurnView {
  text: string;
  language: string;
  question: QuestionType;
  /** What a semantic model says of this very text, where there is one and it has answered. */
  semantic: number | null;
}

/** How likely a person who has said this is done. The cheapest sign that tells anything decides. */
export function endProbability({ text, language, question, semantic }: EndOfTurnView): number {
  if (text === '') return UNSURE;
  const lists = wordListsFor(text, language);
  if (question === 'yes-no' && consistsOf(text, lists.answers)) return 0.95;
  const bare = consistsOf(text, lists.answers) || consistsOf(text, lists.backchannels);
  if (/(?:,|，|、|…|\.\.\.)$/u.test(text) || (!bare && endsWithOne(text, lists.trailing))) return 0.2;
  const entity = entityEndProbability(text, question);
  if (entity !== null) return entity;
  if (semantic !== null) return semantic;
  return /[.!?。！？؟।]["'”’)]?$/u.test(text) ? SURE : UNSURE;
}

/** The curve that makes a wait of a probability: straight lines between open, unsure and sure. */
export function waitFor(probability: number, rules: Pick<ConversationRules, 'confidentWaitMs' | 'maxWaitMs'>, unsureMs: Ms): Ms {
  const confidentMs = Math.min(rules.confidentWaitMs, unsureMs);
  const maxMs = Math.max(rules.maxWaitMs, unsureMs);
  if (probability >= SURE) return confidentMs;
  if (probability >= UNSURE) return between(unsureMs, confidentMs, (probability - UNSURE) / (SURE - UNSURE));
  return between(maxMs, unsureMs, Math.max(0, probability - OPEN) / (UNSURE - OPEN));
}

const between = (from: number, to: number, share: number): number => Math.round(from + (to - from) * share);
