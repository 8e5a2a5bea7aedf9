import type { LatencyLedger } from '@carillon/contracts';
import type { ChatMessage, Ms, ToolCall } from '../ports.js';
import { NO_PAUSES, type PauseStats } from '../policies/pauses.js';
import type { ConversationRules } from './conversation-rules.js';
import type { HeardPosition } from './events.js';
import type { SpeechChoice } from './speech.js';

/** Number of one try of the agent to say something. Grows; everything that belongs to an older one is void. */
export type GenId = number;

/** Why a call ended, as the session knows it. */
export type EndReason =
  /** The model ended the call by its tool. */
  | 'agent_closed'
  /** Nobody spoke, for all our asking. */
  | 'silence'
  | 'max_duration'
  /** A provider failed for good. */
  | 'provider_failure'
  /** The socket opened and no audio came. */
  | 'no_media'
  /** An answering machine took the call. */
  | 'machine'
  /** A person was to take over, and the line went while the carrier put them through. */
  | 'handed_over'
  | 'internal_error'
  /** The far end, or the socket to it, went away. */
  | 'remote'
  | 'shutdown';

export type Phase =
  | { name: 'greeting'; mediaOpen: boolean }
  /** The legal notice before the greeting. */
  | { name: 'notice' }
  | { name: 'dialog' }
  /** The person keys something in. `ended`: the last key has come, over a line that keys must not cut. */
  | { name: 'collecting'; digits: string; lastAt: Ms; ended?: boolean }
  /** A machine has answered; its beep is waited for. */
  | { name: 'voicemail'; since: Ms }
  /** `offer`: the person may still ask for another call; `since`: its first word was heard. `transfer`: they are put through to somebody. */
  | { name: 'closing'; reason: EndReason; offer?: { name: 'told' } | { name: 'waiting'; since: Ms; until: Ms }; transfer?: HandOver }
  | { name: 'ended'; reason: EndReason };

/** The person hears that they are put through; the carrier was asked to, and has not said that it cannot. */
export type HandOver = { name: 'told' } | { name: 'asked'; until: Ms };

/**
 * The person, as far as voice tells. `onsetAt` is the first voiced sample of the utterance, `stretchAt` that of the unbroken voice now, `soundAt` that of the
 * sound it belongs to: its voiceless beginning is part of that.
 */
export type UserState =
  | { name: 'silent'; since: Ms }
  /** Silent, and the last turn is not answered yet. */
  | { name: 'committed'; since: Ms }
  | { name: 'onset'; onsetAt: Ms; soundAt: Ms; voicedMs: Ms; quietMs: Ms; lastVoicedAt: Ms; before: 'silent' | 'committed' }
  | { name: 'speaking'; onsetAt: Ms; stretchAt: Ms; soundAt: Ms; voicedMs: Ms; quietMs: Ms; lastVoicedAt: Ms }
  | { name: 'trailing'; onsetAt: Ms; lastVoicedAt: Ms; noticedAt: Ms; resumedAt: Ms; soundAt: Ms; resumedMs: Ms };

/** Drafting: the model is asked before the turn is over. Paused: its sound was stopped until we know what the person said. */
export type AgentState =
  { name: 'idle'; since: Ms } | { name: 'drafting' | 'thinking' | 'tool-wait' | 'speaking' | 'paused'; reply: Reply };

/** Transcripts that no turn has taken yet. The interim one is of the utterance that runs, and is replaced by its successor. */
export interface Hearing {
  finals: string;
  finalAt: Ms;
  interim: string;
  /** When the interim text last changed. */
  interimSince: Ms;
  /** Length of the final texts when the voice of now set in: what was said before is no word of an interruption. */
  overlapFrom: number;
  /** What was understood of the voice of now was our own. */
  own: boolean;
}

export interface Phrase {
  text: string;
  source: 'model' | 'line' | 'filler';
  /** Index of the model round that wrote it. */
  round: number;
  /** Drafted: written before the turn was over, and not given to synthesis yet. */
  status: 'drafted' | 'asked' | 'playing' | 'played' | 'failed';
  /** Share of the text that was heard, or, while it plays, that there is audio for. */
  share: number;
  startedAt: Ms;
  endedAt: Ms;
}

/** One request to the model and the tools it asked for. A result that is not there is null. */
export interface Round {
  calls: ToolCall[];
  results: (string | null)[];
}

export type ModelProgress =
  | { name: 'none' }
  | { name: 'streaming'; request: number; buffer: string; calls: ToolCall[] }
  /** It has failed, and is asked once more then. */
  | { name: 'failed'; askAt: Ms }
  /** Its tools wait for the final transcript: they may act on what the person said, not on a guess at it. */
  | { name: 'held'; calls: ToolCall[] }
  | { name: 'tools'; endCall: boolean }
  | { name: 'done' };

/** `rest`: what was left of a reply that was cut for nothing. `message`: for an answering machine. */
export type ReplyKind = 'notice' | 'greeting' | 'answer' | 'prompt' | 'apology' | 'goodbye' | 'recap' | 'rest' | 'message';

/**
 * Held: nothing more is sent, the lead drains. Paused: what the carrier had queued was dropped as well; the position tells how far it was
 * heard, once the playout has said so.
 */
export type Hold = { name: 'held'; at: Ms } | { name: 'paused'; at: Ms; position: HeardPosition | null };

/** An utterance that is over and whose text is not there yet, or was said over the agent. */
export interface PastUtterance {
  onsetAt: Ms;
  lastVoicedAt: Ms;
  noticedAt: Ms;
}

/** What the agent is about to say or says now. */
export interface Reply {
  gen: GenId;
  kind: ReplyKind;
  /** Since when the person waits in silence for it to begin or go on; null while it is heard. */
  waitingSince: Ms | null;
  model: ModelProgress;
  rounds: Round[];
  phrases: Phrase[];
  /** First moments of an answer, for its ledger. */
  firstTokenAt: Ms | null;
  firstPhraseAt: Ms | null;
  firstAudioAt: Ms | null;
  ledger: LatencyLedger | null;
  /** The person spoke while it was heard. */
  overlapped: boolean;
  /** Times that the model was asked for the round that runs. */
  tries: number;
  /** The person's voice keeps it from going on. */
  hold: Hold | null;
  /** Of a draft: the transcript that it answers. */
  draft: string | null;
}

/** The last turn that the person was given, as long as it may still change. */
export interface Turn {
  /** Index of its message in the history. */
  index: number;
  id: number;
  /** Transcript before the utterance whose final one is still awaited, and that utterance's interim one; both parts make up the message. */
  settled: string;
  interim: string;
  awaitsFinal: boolean;
  onsetAt: Ms;
  lastVoicedAt: Ms;
  noticedAt: Ms;
  waitEndedAt: Ms;
  committedAt: Ms;
  /** It followed a line that was heard in silence. */
  exchange: boolean;
  reported: boolean;
  /** Something of the answer was heard: from now on the turn is only corrected, never joined with the next one. */
  answered: boolean;
  fillers: number;
  /** Signs of listening over a line of ours: no answer is owed to them. */
  noted?: boolean | undefined;
  /** Kept without an answer so far: the model is asked for one as soon as the person has said nothing else for a while. */
  owed?: boolean | undefined;
}

export type TimerName =
  | 'endpoint'
  | 'draft'
  | 'utterance'
  | 'overlap'
  | 'verify'
  | 'tools'
  | 'digits'
  | 'transfer'
  | 'silence'
  | 'ask-again'
  | 'soft'
  | 'hard'
  | 'max-call'
  | 'reopen-stt';

/** What a semantic model said about a transcript. */
export interface SemanticView {
  text: string;
  /** Null while it is being asked. */
  probability: number | null;
}

/** A line of ours and when it was last heard. */
export interface SpokenLine {
  text: string;
  startedAt: Ms;
  endedAt: Ms;
}

/** What was left of a reply that a voice cut off, as long as no word of that voice is known. */
export interface Unsaid {
  texts: string[];
  /** The model had written it to its end. */
  complete: boolean;
}

/** What is still owed from before the line was lost: an answer, or the rest of one; `greeted`: not the greeting; or somebody to take over. */
export interface Resumption {
  unanswered: boolean;
  greeted: boolean;
  rest?: readonly string[] | undefined;
  handOver?: HandOver['name'] | undefined;
  /** Nothing but the end of the call. */
  last?: LastLines | undefined;
}

/** How a call that is being ended ends: what is still to be said, whether it offers another call, and why. */
export interface LastLines {
  reason: EndReason;
  lines: readonly string[];
  offer: boolean;
}

/** What we know of the stream into the recogniser. */
export interface Recogniser {
  /** Times in a row that it broke, since when, when it was opened again last, and when it will be. */
  failures: number;
  failingSince: Ms | null;
  openedAt: Ms | null;
  reopenAt: Ms | null;
  /** Voice in the utterance that runs, and whether it has said anything since that began. */
  voicedMs: Ms;
  spoke: boolean;
  /** Utterances in a row of which it said nothing, since it was replaced for that; and how often in a row it was, in vain. */
  unheard: number;
  replaced: number;
  /** The end of the last utterance that a failing recogniser left unheard, as long as nothing was said since; and how often the person was told to wait. */
  unheardSince: Ms | null;
  fillers: number;
}

export interface ArmedTimer {
  gen: GenId;
  at: Ms;
}

export interface TurnState {
  rules: ConversationRules;
  startedAt: Ms;
  phase: Phase;
  user: UserState;
  agent: AgentState;
  hearing: Hearing;
  /** The last utterance that made no turn when it ended. */
  utterance: PastUtterance | null;
  turn: Turn | null;
  /** What was said and heard, oldest first, without the system prompt. */
  history: ChatMessage[];
  /** The voice of a person who does not pause any more counts as background, until it pauses: how long it has been quiet by now. */
  background: { quietMs: Ms } | null;
  pauses: PauseStats;
  semantic: SemanticView | null;
  speculation: { drafts: number; wasted: number };
  /** Transcripts of our own voice so far, and what we said last. */
  echoes: number;
  lastSpoken: SpokenLine | null;
  unsaid: Unsaid | null;
  /** Where the line was lost and is back: the person is told so instead of being greeted, if they had been. */
  resumed: Resumption | null;
  /** A reply that was cut off and of which we do not know yet what was heard. */
  cut: Reply | null;
  /** Newest generation, model request and message id that were given out. */
  gen: GenId;
  request: number;
  messageId: number;
  timers: Partial<Record<TimerName, ArmedTimer>>;
  /** Times in a row that the person was asked whether they are there, and that we had to apologise. */
  prompts: number;
  failures: number;
  stt: Recogniser;
  /** When the last line ended that was heard to its end and in silence. */
  lineHeardAt: Ms | null;
  /** Human turns that began after such a line: what makes a conversation out of two voices. */
  exchanges: number;
  /** The model has ended the call. */
  agentClosed: boolean;
  /** What the person wanted to be spoken otherwise; the rules have the language already. */
  speech: SpeechChoice;
  /** A machine has answered, and whether it heard our message to its end. */
  machine: 'answered' | 'message_left' | null;
}

export function createTurnState(rules: ConversationRules, history: ChatMessage[], at: Ms): TurnState {
  return {
    rules,
    startedAt: at,
    phase: { name: 'greeting', mediaOpen: false },
    user: { name: 'silent', since: at },
    agent: { name: 'idle', since: at },
    hearing: NOTHING_HEARD,
    utterance: null,
    turn: null,
    history,
    background: null,
    pauses: NO_PAUSES,
    semantic: null,
    speculation: { drafts: 0, wasted: 0 },
    echoes: 0,
    lastSpoken: null,
    unsaid: null,
    resumed: null,
    cut: null,
    gen: 0,
    request: 0,
    messageId: 0,
    timers: {},
    prompts: 0,
    failures: 0,
    stt: { ...NO_UNHEARD, failures: 0, failingSince: null, openedAt: null, reopenAt: null },
    lineHeardAt: null,
    exchanges: 0,
    agentClosed: false,
    speech: {},
    machine: null,
  };
}

export const NO_UNHEARD = { voicedMs: 0, spoke: false, unheard: 0, replaced: 0, unheardSince: null, fillers: 0 } as const;

export const NOTHING_HEARD: Hearing = { finals: '', finalAt: 0, interim: '', interimSince: 0, overlapFrom: 0, own: false };
