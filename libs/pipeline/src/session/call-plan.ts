import type { AnsweringMachineRules, Claim, VocabularyTerm } from '@carillon/contracts';
import type { ChatMessage, Ms, TtsRequest } from '../ports.js';
import type { CallLines, ConversationRules } from '../turn/conversation-rules.js';

/** What a call says and hears in one language. */
export interface CallSpeech {
  /** Language code such as en-US, for recognition and synthesis. */
  language: string;
  voice: string;
  /** Deployment of a custom neural voice. */
  customVoice?: string | undefined;
  lines: CallLines;
}

/** All that a session needs to know about one call before it begins. */
export interface CallPlan extends CallSpeech {
  style: TtsRequest['style'];
  /** Speech rate, 0.75–1.25 */
  rate: number;
  /** The call in another of its languages. Left out: it has one. */
  speechIn?: ((language: string) => CallSpeech) | undefined;
  /** What the claim holds when the call begins. */
  claim: Claim;
  /** Asked for before each request to the model, with the claim and the language as they are then. */
  systemPrompt(claim: Claim, language: string): string;
  /** What was said in earlier calls of the conversation, oldest first. */
  history: ChatMessage[];
  /** Words that the recogniser should expect: names, companies, field values. */
  phrases: readonly string[];
  /** Words that the voice would pronounce wrongly. */
  vocabulary?: readonly VocabularyTerm[] | undefined;
  maxCallMs: Ms;
  /** What to do where a machine answers. Left out: whatever answers is spoken with. */
  machines?: AnsweringMachineRules | undefined;
  /** Whether the caller is to keep a log of the call, and whether what was said may stand in it. */
  eventLog?: 'off' | 'redacted' | 'full' | undefined;
  /** Differences from the default numbers of turn taking. */
  rules?: Partial<Omit<ConversationRules, 'language' | 'lines' | 'maxCallMs' | 'sttFinalMs' | 'semanticEndpointing'>> | undefined;
}
