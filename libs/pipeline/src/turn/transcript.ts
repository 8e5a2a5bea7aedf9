import { isBackchannel } from '../policies/backchannel.js';
import type { Ms } from '../ports.js';
import { joinText } from '../text/join-text.js';
import { sameWords } from '../text/same-words.js';
import { resembles, splitTranscript } from '../text/split-transcript.js';
import { cancelReply, canTakeBack, takeBackTurn, toolsRan } from './cancel.js';
import { askModel, startAnswer } from './commit.js';
import { isOwnVoice } from './overlap.js';
import { reviseMessage, turnText } from './record.js';
import { isFree, wasHeard } from './reply.js';
import type { Turn, TurnState } from './state.js';
import type { Step } from './step.js';
import { hearAgain } from './unheard.js';

/** Beyond this a soft voice that says the same again is likelier than a late copy. */
const REPEATED_WITHIN_MS: Ms = 5_000;

/** A transcript came: of the utterance that runs, of one that was committed on its interim text, or of both in one. */
export function onTranscript(step: Step, raw: string, isFinal: boolean): void {
  const text = raw.trim();
  const { turn } = step.state;
  hearAgain(step);
  if (text === '') return onWithdrawn(step);
  if (isRepeated(step, text)) return;
  if (turn === null || !turn.awaitsFinal) return hear(step, text, isFinal);
  if (isOverdue(step, turn) && !resembles(text, turn.interim)) {
    step.set({ turn: { ...turn, awaitsFinal: false } });
    return hear(step, text, isFinal);
  }
  if (isSilent(step.state)) return reviseTurn(step, turn, text, isFinal);
  const [head, rest] = splitTranscript(text, turn.interim);
  if (isFinal) settleTurn(step, turn, head);
  if (rest !== '') hear(step, rest, isFinal);
}

/** Recognisers say things twice, after a reconnect above all. Without a voice since, the same words are no new ones. */
function isRepeated(step: Step, text: string): boolean {
  const { user, turn, hearing } = step.state;
  if (hearing.finals !== '') {
    const lastVoicedAt = 'lastVoicedAt' in user ? user.lastVoicedAt : -Infinity;
    return hearing.finalAt >= lastVoicedAt && step.at <= hearing.finalAt + REPEATED_WITHIN_MS && sameWords(text, hearing.finals);
  }
  if (turn === null || turn.awaitsFinal || (user.name !== 'silent' && user.name !== 'committed')) return false;
  return step.at <= turn.committedAt + REPEATED_WITHIN_MS && sameWords(text, turnText(step, turn));
}

/** The stream is gone, and with it the final transcript of what it was hearing: the last interim one is all there will be. */
export function keepInterim(step: Step): void {
  const { hearing } = step.state;
  if (hearing.interim === '') return;
  const finals = joinText(hearing.finals, hearing.interim);
  step.set({ hearing: { ...hearing, finals, finalAt: step.at, interim: '', interimSince: step.at } });
}

/** A final transcript that is later than they ever are may never come: then something else is heard in its place. */
function isOverdue({ at, state }: Step, turn: Turn): boolean {
  return at > turn.lastVoicedAt + state.rules.sttFinalMs;
}

function isSilent({ user, background }: TurnState): boolean {
  if (background !== null) return false;
  return user.name === 'silent' || user.name === 'committed' || user.name === 'onset';
}

/** The recogniser takes back what it had guessed: it was no speech. A turn that was built on the guess stays; somebody made a sound. */
function onWithdrawn(step: Step): void {
  const { turn, hearing } = step.state;
  if (hearing.interim !== '') step.set({ hearing: { ...hearing, interim: '' } });
  else if (turn?.awaitsFinal) step.set({ turn: { ...turn, awaitsFinal: false } });
}

function hear(step: Step, text: string, isFinal: boolean): void {
  const { hearing } = step.state;
  if (isOwnVoice(step, text)) return dropEcho(step, isFinal);
  if (isFinal) {
    step.set({
      hearing: { ...hearing, finals: joinText(hearing.finals, text), finalAt: step.at, interim: '', interimSince: step.at, own: false },
    });
    return joinWithUnanswered(step);
  }
  if (text !== hearing.interim) step.set({ hearing: { ...hearing, interim: text, interimSince: step.at, own: false } });
}

/** What the loudspeaker gave back is nobody's turn. It is counted once, by its final transcript. */
function dropEcho(step: Step, isFinal: boolean): void {
  const { hearing, echoes } = step.state;
  step.set({ hearing: { ...hearing, interim: '', own: true } });
  step.set({ echoes: echoes + 1 });
  if (isFinal) step.emit({ type: 'noticed', sign: { type: 'echo', missed: hadVoice(step) } });
}

/** In the utterance that a final transcript of now is of. */
function hadVoice({ state, at }: Step): boolean {
  const { user, utterance, rules } = state;
  return 'onsetAt' in user || (utterance !== null && utterance.lastVoicedAt > at - rules.sttFinalMs);
}

/** More words of a silent person while the answer to the words before is being thought of: one turn. */
function joinWithUnanswered(step: Step): void {
  if (isFree(step.state.agent) || !isSilent(step.state) || !canTakeBack(step)) return;
  cancelReply(step);
  if (canTakeBack(step)) takeBackTurn(step);
}

/** It was more than a sign of listening after all. */
const OWED = { noted: false, answered: false, owed: true } as const;

/**
 * A better transcript of the committed utterance: answered anew as long as nothing of the answer was heard, else only corrected. Tools that
 * have not run yet were meant for the old text, so the model is asked again.
 */
function reviseTurn(step: Step, turn: Turn, text: string, isFinal: boolean): void {
  if (!isFinal && turn.answered) return;
  const content = joinText(turn.settled, text);
  const differs = !sameWords(content, turnText(step, turn));
  reviseMessage(step, turn, content);
  const isMended = turn.noted === true && !isBackchannel(content, step.state.rules.language);
  step.set({ turn: { ...turn, interim: text, awaitsFinal: !isFinal, ...(isMended ? OWED : {}) } });
  const { agent } = step.state;
  if (!differs || agent.name === 'idle' || agent.name === 'drafting' || agent.reply.kind !== 'answer') return;
  const { reply } = agent;
  const isOpen = isMended ? !wasHeard(reply) : !turn.answered;
  if (isOpen && !toolsRan(reply)) startAnswer(step);
  else if (reply.model.name === 'held') askModel(step, { ...reply, tries: 0, rounds: [...reply.rounds, { calls: [], results: [] }] });
}

function settleTurn(step: Step, turn: Turn, head: string): void {
  reviseMessage(step, turn, joinText(turn.settled, head === '' ? turn.interim : head));
  step.set({ turn: { ...turn, interim: head, awaitsFinal: false } });
}
