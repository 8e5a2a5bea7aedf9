import type { Ms } from '../ports.js';
import type { ConversationRules } from '../turn/conversation-rules.js';
import type { Recogniser, TurnState } from '../turn/state.js';
import { fillerWaitMs } from './filler.js';

/** A stream that the service has had for so long had worked: what breaks then is no part of the outage before. */
const SOUND_AFTER_MS: Ms = 5_000;

/** A new stream has been refused, or has heard what there was to hear anew, by then. */
const PROVEN_AFTER_MS: Ms = 3_000;

/** So much voice in one go, without a word of it: nobody waits for its end. */
const LONG_VOICE_MS: Ms = 5_000;

/** After so many times in vain the next replacement waits for this many more utterances. */
const MOST_UNHEARD = 8;

/** The outage that a failure belongs to, or begins. As long as the service had the stream it was not away: that time does not count. */
export function outageAt({ failingSince, failures }: Recogniser, at: Ms, workedMs: Ms): { failures: number; since: Ms } {
  if (failingSince === null || workedMs >= SOUND_AFTER_MS) return { failures: 1, since: at };
  return { failures: failures + 1, since: failingSince + workedMs };
}

/** When a stream that broke is opened again: after growing pauses, as long as the outage may last. Null: not any more. */
export function reopenAt(
  { failures, since, at }: { failures: number; since: Ms; at: Ms },
  rules: Pick<ConversationRules, 'sttReopenMs' | 'sttReopenMaxMs' | 'sttOutageMs'>,
): Ms | null {
  const waitMs = Math.min(rules.sttReopenMs * 2 ** (failures - 1), rules.sttReopenMaxMs);
  return at + waitMs <= since + rules.sttOutageMs ? at + waitMs : null;
}

/** At that time there is no stream, or one in place of another that has not had the time to say anything. */
export function isFailing({ failures, replaced, reopenAt, openedAt }: Recogniser, at: Ms): boolean {
  if (reopenAt !== null) return true;
  return failures + replaced > 0 && openedAt !== null && at <= openedAt + PROVEN_AFTER_MS;
}

/**
 * Is the stream to be replaced because it says nothing? Once is enough: a whole second of voice without so much as an interim transcript is rare, a cough
 * is shorter, and to replace a stream costs a connection and loses nothing. What is no speech to begin with (television, music) would have it replaced for
 * ever: in vain, it takes twice as many utterances each time.
 */
export function isDeaf({ unheard, replaced }: Recogniser): boolean {
  return unheard >= Math.min(2 ** replaced, MOST_UNHEARD);
}

/**
 * Is the service to blame for it? Not before the stream that took over heard nothing either: a cough or music fools one call now and then, and must not turn
 * all others away from it.
 */
export const isBlamed = ({ replaced }: Pick<Recogniser, 'replaced'>): boolean => replaced > 0;

export const isLongVoice = (voicedMs: Ms): boolean => voicedMs >= LONG_VOICE_MS;

/** Who has spoken and cannot be understood is told to wait, as when the model takes its time; not where there is nothing to wait for. */
export function unheardFillerAt({ stt, agent, user, phase, rules }: TurnState): Ms | null {
  if (stt.unheardSince === null || agent.name !== 'idle' || 'onsetAt' in user) return null;
  if (phase.name !== 'dialog' && phase.name !== 'greeting') return null;
  const waitMs = fillerWaitMs(rules, stt.fillers);
  if (waitMs === null) return null;
  const at = stt.unheardSince + waitMs;
  return isFailing(stt, at) ? at : null;
}
