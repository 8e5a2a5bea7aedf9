import { createReply, setReply } from './reply.js';
import type { Phrase, Reply } from './state.js';
import type { Step } from './step.js';
import { forgetUnheard } from './unheard.js';

/** Gives phrases of a reply to synthesis; those of a draft only where the rules want it spoken early. */
export function say(step: Step, reply: Reply, texts: readonly string[], source: Phrase['source']): void {
  const round = Math.max(0, reply.rounds.length - 1);
  const first = reply.phrases.length;
  const status = reply.draft !== null && step.state.rules.speculation === 'model' ? 'drafted' : 'asked';
  const added = texts.map((text): Phrase => ({ text, source, round, status, share: 1, startedAt: step.at, endedAt: step.at }));
  const firstPhraseAt = reply.firstPhraseAt ?? (texts.length > 0 && source !== 'filler' ? step.at : null);
  setReply(step, { ...reply, firstPhraseAt, phrases: [...reply.phrases, ...added] });
  if (status === 'asked') texts.forEach((text, index) => step.emit({ type: 'speak', gen: reply.gen, phrase: first + index, text }));
}

/** Goes on with a reply that a voice had cut off and that turned out to have said nothing, from the word before on. */
export function sayRest(step: Step, texts: readonly string[]): void {
  forgetUnheard(step);
  const gen = step.state.gen + 1;
  step.set({ gen, unsaid: null });
  say(step, createReply(gen, 'rest', step.at, { name: 'none' }), texts, 'model');
}
