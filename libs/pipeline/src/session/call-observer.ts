import type { Claim, LatencyLedger } from '@carillon/contracts';
import type { AnswerNews } from './answer-watch.js';
import type { SaidMessage, TurnSign } from '../turn/effects.js';
import type { EndReason } from '../turn/state.js';
import type { ProviderNews } from './provider-news.js';

export type CallStage = 'stt' | 'llm' | 'tts' | 'tools' | 'endpointer' | 'session';

/** Hears what comes of a call. Its methods must not block; what they throw ends the call. */
export interface CallObserver {
  /** A message of the transcript, in order; of the agent's only what was heard. */
  onSaid(message: SaidMessage): void;
  /** The final transcript of a message that was reported already says something else. */
  onRevised(id: number, content: string): void;
  onClaim(claim: Claim): void;
  /** The first frame of an answer is on the socket. */
  onReply(ledger: LatencyLedger): void;
  /** The person stopped the agent. */
  onInterruption(): void;
  /** The call cannot go on, and the person has asked for another one. */
  onCallbackAsked?(): void;
  /** The person is to be put through to the agent of the call. Who learns that this failed says so: `CallSession.transferFailed`. */
  onTransfer?(): void;
  /** From now on the call is held in this language. */
  onLanguage?(language: string): void;
  /** Something for the counters. */
  onSign?(sign: TurnSign): void;
  /** What providers tell of their work, for the counters. */
  onProvider?(news: ProviderNews): void;
  /** What is found out about who answered. */
  onAnswer?(news: AnswerNews): void;
  /** A provider failed, or the session itself (`session`: the call ends). */
  onError(error: Error, stage: CallStage): void;
  /** The session has ended the call and expects the caller to hang up. Not called after `end`. */
  onHangUp(reason: EndReason): void;
}
