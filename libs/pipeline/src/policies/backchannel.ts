import type { Ms } from '../ports.js';
import { joinText } from '../text/join-text.js';
import { consistsOf } from '../text/units.js';
import type { Hearing, SpokenLine, TurnState } from '../turn/state.js';
import { textOf } from './endpointing.js';
import { takesYesOrNo } from './question-type.js';
import { wordListsFor } from './word-lists.js';

/** Nothing but signs of listening: "mhm", "yeah okay", 嗯, 对对对. While the agent speaks they are no interruption. */
export function isBackchannel(text: string, language: string): boolean {
  return consistsOf(text, wordListsFor(text, language).backchannels);
}

/** A voice that sets in so late in a line has heard what it comes to: it reacts to all of it. */
const REACTION_MS: Ms = 300;

/**
 * Was all that no turn has taken said to show that one listens? Then nobody waits for an answer to it. Only of a line that was heard to its end, or is
 * being heard: who cuts us off with a "yeah" wants the floor. To a question that wants yes or no the same words are an answer, and so they are where
 * they come with its last syllables or later.
 */
export function isSignOfListening(state: TurnState): boolean {
  const { hearing, phase, rules } = state;
  if (phase.name === 'collecting' || !isBackchannel(textOf(hearing), rules.language)) return false;
  const line = lineOf(state);
  if (line === null) return false;
  const voice = voiceOf(state);
  return voice.endedAt >= line.startedAt && voice.startedAt < line.endedAt - REACTION_MS;
}

/** The line that these words may have been said over. */
function lineOf(state: TurnState): Pick<SpokenLine, 'startedAt' | 'endedAt'> | null {
  const { agent, lastSpoken } = state;
  if (agent.name === 'speaking' || agent.name === 'paused') {
    const begun = agent.reply.phrases.find(({ status }) => status === 'playing' || status === 'played');
    return begun === undefined ? null : { startedAt: begun.startedAt, endedAt: Infinity };
  }
  if (agent.name !== 'idle' || lastSpoken?.endedAt !== agent.since) return null; // it was cut, or could not be said
  return wantsYesOrNo(state) ? null : lastSpoken;
}

/**
 * Was there a question in what we said since the person last answered, to which the same words are an answer? A line that was broken off and resumed, or
 * that a tool was called in, stands in several messages; signs of listening in between answer nothing.
 */
export function wantsYesOrNo({ history, rules: { language } }: Pick<TurnState, 'history' | 'rules'>): boolean {
  let said = '';
  for (const { role, content } of history) {
    if (role === 'assistant') said = joinText(said, content);
    else if (role === 'user' && (!isBackchannel(content, language) || takesYesOrNo(said, language))) said = '';
  }
  return takesYesOrNo(said, language);
}

/** When the last of the words that no turn has taken was understood. */
export const heardAtOf = ({ interim, interimSince, finalAt }: Hearing): Ms => (interim === '' ? finalAt : interimSince);

/** Of the words that no turn has taken; they need not have a voice, and a cough may have followed them. */
export function voiceOf({ user, utterance, hearing }: TurnState): { startedAt: Ms; endedAt: Ms } {
  const heardAt = heardAtOf(hearing);
  const { onsetAt, lastVoicedAt } = 'onsetAt' in user ? user : (utterance ?? { onsetAt: heardAt, lastVoicedAt: heardAt });
  return { startedAt: Math.min(onsetAt, heardAt), endedAt: lastVoicedAt };
}
