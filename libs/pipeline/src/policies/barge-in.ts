import type { Ms } from '../ports.js';
import { consistsOf, endsWithOne, unitsOf } from '../text/units.js';
import { isUnspaced } from '../text/join-text.js';
import type { ConversationRules } from '../turn/conversation-rules.js';
import type { AgentState, Phrase, Reply, TurnState, UserState } from '../turn/state.js';
import { heardAtOf, isBackchannel } from './backchannel.js';
import { isEchoOf } from './echo.js';
import { endpointAt } from './endpointing.js';
import { graceEndsAt, rulesOf } from './situation.js';
import { wordListsFor } from './word-lists.js';

/**
 * What a voice over the agent asks for: nothing; to stop sending (`hold`) and to go on (`release`); to drop what is on its way (`pause`) and
 * to say it again (`resume`); or the floor (`cut`).
 */
export type OverlapMove = 'none' | 'hold' | 'release' | 'pause' | 'resume' | 'cut';

/** What is known of the words said over the agent. `clear`: enough of them to be meant. */
export type OverlapMeaning = 'nothing' | 'backchannel' | 'echo' | 'something' | 'clear';

export function decideOverlap(state: TurnState, spoken: string, at: Ms): OverlapMove {
  const { agent, user, rules } = state;
  if (agent.name === 'idle' || agent.name === 'drafting') return 'none';
  const { hold } = agent.reply;
  if (takesBack(state, agent, spoken, at)) return 'cut';
  if (hold === null && ((agent.name !== 'speaking' && !isUnderWay(agent.reply)) || isAtRest(state))) return 'none';
  if (!mayCut(state, agent.reply)) return hold === null ? 'none' : hold.name === 'held' ? 'release' : 'resume';
  const meaning = meaningOf(state, spoken);
  if (meaning === 'clear') return 'cut';
  const harmless = meaning === 'backchannel' || meaning === 'echo';
  if (hold === null) return !harmless && isVoiced(user) ? 'hold' : 'none';
  if (hold.name === 'paused') return harmless ? 'resume' : whilePaused(user, meaning, at >= hold.at + rules.verifyMs, rules);
  if (harmless || !isVoiced(user)) return 'release';
  return meaning === 'something' || stretchMs(user) >= rules.bargeInMs ? 'pause' : 'none';
}

/**
 * Words into the silence of a reply that is under way, while its tool runs above all: they take back what it acts on, however short their voice was and
 * however late they are understood. One word alone may be the beginning of a sign of listening, as long as its utterance lasts and it may still change.
 */
function takesBack(state: TurnState, { name, reply }: Exclude<AgentState, { name: 'idle' }>, spoken: string, at: Ms): boolean {
  if ((name !== 'thinking' && name !== 'tool-wait') || !isUnderWay(reply) || !mayCut(state, reply)) return false;
  const { hearing } = state;
  if (reply.waitingSince === null || heardAtOf(hearing) <= reply.waitingSince) return false; // said over the line before, and kept
  const meaning = meaningOf(state, spoken);
  return meaning === 'clear' || (meaning === 'something' && (hearing.interim === '' || (endpointAt(state) ?? Infinity) <= at));
}

/** The agent is silent until it knows: long voice needs no words, a word needs no long voice, and neither within the time was nothing. */
function whilePaused(user: UserState, meaning: OverlapMeaning, overdue: boolean, rules: ConversationRules): OverlapMove {
  if (voicedMs(user) >= rules.longVoiceMs) return 'cut';
  if (!overdue) return 'none';
  return meaning === 'something' || user.name === 'speaking' ? 'cut' : 'resume';
}

/** Something of it was heard, or its tools have run: it is not void for a mere sound, though it is silent right now. */
export function isUnderWay({ phrases, rounds }: Reply): boolean {
  return rounds.some(({ calls }) => calls.length > 0) || phrases.some((phrase) => phrase.source !== 'filler' && hasSounded(phrase));
}

const hasSounded = ({ status }: Phrase): boolean => status === 'playing' || status === 'played';

export function meaningOf(state: Pick<TurnState, 'hearing' | 'rules'>, spoken: string): OverlapMeaning {
  const text = overlapText(state);
  return text === '' && state.hearing.own ? 'echo' : overlapMeaning(text, spoken, state.rules);
}

export function overlapMeaning(text: string, spoken: string, rules: ConversationRules): OverlapMeaning {
  if (text === '') return 'nothing';
  const { stops } = wordListsFor(text, rules.language);
  if (isBackchannel(text, rules.language)) return 'backchannel';
  const units = unitsOf(text);
  // one word of ours proves nothing: the voice decides, as if it were not understood
  if (isEchoOf(text, spoken, 1)) return units.length > 1 ? 'echo' : 'nothing';
  if (consistsOf(text, stops) || endsWithOne(text, stops)) return 'clear';
  const enough = isUnspaced(units[0]?.charAt(0) ?? '') ? rules.cutCharacters : rules.cutWords;
  return units.length >= enough ? 'clear' : 'something';
}

/** The words since the voice of now set in: what was said before, and left unanswered, does not count. */
export function overlapText({ hearing }: Pick<TurnState, 'hearing'>): string {
  return `${hearing.finals.slice(hearing.overlapFrom)} ${hearing.interim}`.trim();
}

/** Has the person spoken for so long over the agent that the agent's line was not heard in silence? */
export function speaksOver(user: UserState, rules: ConversationRules): boolean {
  return user.name === 'speaking' && user.voicedMs >= rules.bargeInMs;
}

function mayCut(state: TurnState, reply: Reply): boolean {
  const { user } = state;
  const since = user.name === 'speaking' ? user.stretchAt : 'onsetAt' in user ? user.onsetAt : Infinity;
  const grace = reply.phrases.some(hasSounded) ? graceEndsAt(state, reply) : -Infinity;
  return rulesOf(state).voiceCuts && since >= grace;
}

/** Nobody speaks or has just spoken. A voice in the background is somebody, if it can be understood. */
const isAtRest = ({ user, background }: TurnState): boolean => background === null && (user.name === 'silent' || user.name === 'committed');

const isVoiced = (user: UserState): boolean => user.name === 'onset' || user.name === 'speaking';

const voicedMs = (user: UserState): Ms => (isVoiced(user) && 'voicedMs' in user ? user.voicedMs : 0);

/** From the first sound to the last sample of the unbroken voice: a stop consonant in it is part of it. */
const stretchMs = (user: UserState): Ms => (user.name === 'speaking' ? user.lastVoicedAt - user.soundAt : 0);
