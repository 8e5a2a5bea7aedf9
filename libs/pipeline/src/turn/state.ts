import type { LatencyLedger } from '@carillon/contracts';
import type { ChatMessage, Ms, ToolCall } from '../ports.js';
import type { TurnRules } from './rules.js';

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
  | 'internal_error'
  /** The far end, or the socket to it, went away. */
  | 'remote'
  | 'shutdown';

export type Phase =
  | { name: 'greeting'; mediaOpen: boolean }
  | { name: 'dialog' }
  | { name: 'closing'; reason: EndReason }
  | { name: 'ended'; reason: EndReason };

/** The person, as far as voice tells. `onsetAt` is the first voiced sample of the utterance, `stretchAt` that of the unbroken voice now. */
export type UserState =
  | { name: 'silent'; since: Ms }
  /** Silent, and the last turn is not answered yet. */
  | { name: 'committed'; since: Ms }
  | { name: 'onset'; onsetAt: Ms; voicedMs: Ms; quietMs: Ms; lastVoicedAt: Ms; before: 'silent' | 'committed' }
  | { name: 'speaking'; onsetAt: Ms; stretchAt: Ms; voicedMs: Ms; quietMs: Ms; lastVoicedAt: Ms }
  | { name: 'trailing'; onsetAt: Ms; lastVoicedAt: Ms; noticedAt: Ms; resumedAt: Ms; resumedMs: Ms };

export type AgentState = { name: 'idle'; since: Ms } | { name: 'thinking' | 'tool-wait' | 'speaking'; reply: Reply };

/** Transcripts that no turn has taken yet. The interim one is of the utterance that runs, and is replaced by its successor. */
export interface Hearing {
  finals: string;
  finalAt: Ms;
  interim: string;
  /** When the interim text last changed. */
  interimSince: Ms;
}

export interface Phrase {
  text: string;
  source: 'model' | 'line' | 'filler';
  /** Index of the model round that wrote it. */
  round: number;
  status: 'asked' | 'playing' | 'played' | 'failed';
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
  /** Its tools wait for the final transcript: they may act on what the person said, not on a guess at it. */
  | { name: 'held'; calls: ToolCall[] }
  | { name: 'tools'; endCall: boolean }
  | { name: 'done' };

export type ReplyKind = 'greeting' | 'answer' | 'prompt' | 'apology' | 'goodbye';

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
  /** The model failed once and was asked again. */
  retried: boolean;
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
  fillerSaid: boolean;
}

export type TimerName = 'endpoint' | 'overlap' | 'tools' | 'silence' | 'soft' | 'hard' | 'max-call' | 'reopen-stt';

export interface ArmedTimer {
  gen: GenId;
  at: Ms;
}

export interface TurnState {
  rules: TurnRules;
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
  stt: { failures: number; reopenAt: Ms | null };
  /** When the last line ended that was heard to its end and in silence. */
  lineHeardAt: Ms | null;
  /** Human turns that began after such a line: what makes a conversation out of two voices. */
  exchanges: number;
  /** The model has ended the call. */
  agentClosed: boolean;
}

export function createTurnState(rules: TurnRules, history: ChatMessage[], at: Ms): TurnState {
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
    cut: null,
    gen: 0,
    request: 0,
    messageId: 0,
    timers: {},
    prompts: 0,
    failures: 0,
    stt: { failures: 0, reopenAt: null },
    lineHeardAt: null,
    exchanges: 0,
    agentClosed: false,
  };
}

export const NOTHING_HEARD: Hearing = { finals: '', finalAt: 0, interim: '', interimSince: 0 };
