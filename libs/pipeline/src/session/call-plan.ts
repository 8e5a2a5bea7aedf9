import type { Claim } from '@carillon/contracts';
import type { ChatMessage, Ms, TtsRequest } from '../ports.js';
import type { CallLines, TurnRules } from '../turn/rules.js';

/** All that a session needs to know about one call before it begins. */
export interface CallPlan {
  /** Language code such as en-US, for recognition and synthesis. */
  language: string;
  voice: string;
  style: TtsRequest['style'];
  /** Speech rate, 0.75–1.25 */
  rate: number;
  lines: CallLines;
  /** What the claim holds when the call begins. */
  claim: Claim;
  /** Asked for before each request to the model, with the claim as it is then. */
  systemPrompt(claim: Claim): string;
  /** What was said in earlier calls of the conversation, oldest first. */
  history: ChatMessage[];
  /** Words that the recogniser should expect: names, companies, field values. */
  phrases: readonly string[];
  maxCallMs: Ms;
  /** Differences from the default numbers of turn taking. */
  rules?: Partial<Omit<TurnRules, 'lines' | 'maxCallMs' | 'sttFinalMs'>> | undefined;
}
