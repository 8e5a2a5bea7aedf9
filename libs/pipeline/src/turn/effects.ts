import type { LatencyLedger } from '@carillon/contracts';
import type { ChatMessage, Ms, ToolCall } from '../ports.js';
import type { EndReason, GenId, TimerName } from './state.js';

/** A tool that the agent used in a reply, with what it answered; null when it was broken off. */
export interface SaidToolCall extends ToolCall {
  content: string | null;
}

/** One message of the transcript, as it was heard. Times are on the session's clock. */
export interface SaidMessage {
  /** Ordinal within the call, growing in the order of reporting. */
  id: number;
  persona: 'human' | 'assistant';
  /** Empty where tools ran and nothing was said. */
  content: string;
  startedAt: Ms;
  endedAt: Ms;
  toolCalls: SaidToolCall[];
  /** Of answers: where the time went. */
  ledger: LatencyLedger | null;
  /** The person cut it short. */
  interrupted: boolean;
}

/** What turn taking notices about itself, for counters. */
export type TurnSign =
  /** The agent yielded to a voice that wanted nothing; `stopped`: so far that its sound was dropped at the carrier. */
  | { type: 'false-pause'; stopped: boolean; cause: 'noise' | 'backchannel' | 'echo' }
  /** A transcript of our own voice was dropped. `missed`: its sound had been taken for a voice of the person before. */
  | { type: 'echo'; missed: boolean }
  /** An early answer could be used, or not; the characters that the model had written by then. */
  | { type: 'speculation'; outcome: 'hit' | 'miss'; characters: number }
  /** A voice without a pause was made to end a turn. */
  | { type: 'unbroken-voice' }
  /** The recogniser said nothing of a voice, and its stream was replaced. */
  | { type: 'deaf-recogniser' };

/** All that turn taking asks of the outside world. */
export type Effect =
  | { type: 'start-llm'; gen: GenId; request: number; messages: ChatMessage[]; withTools: boolean; early: boolean }
  /** Ends the model's stream, tools, synthesis and unsent audio of a generation. Harmless when repeated. */
  | { type: 'cancel-gen'; gen: GenId }
  | { type: 'speak'; gen: GenId; phrase: number; text: string }
  /** Drops the audio that was sent but not heard; answered by `playout-cut`. */
  | { type: 'clear-out'; gen: GenId }
  /** Sends nothing more of a generation; its audio is kept and what is on its way is still heard. */
  | { type: 'hold-out'; gen: GenId }
  /** Goes on sending what was held. */
  | { type: 'release-out'; gen: GenId }
  /** Drops the audio that was sent but not heard, keeps it here from the word before on; answered by `playout-paused`. */
  | { type: 'pause-out'; gen: GenId }
  /** Says again from that word on. */
  | { type: 'resume-out'; gen: GenId }
  | { type: 'ask-endpointer'; text: string; agentLine: string }
  | { type: 'run-tool'; gen: GenId; call: ToolCall }
  | { type: 'open-stt' }
  /** Its stream says nothing: another one hears what came in since then anew. `isBlamed`: its provider is to be told. */
  | { type: 'replace-stt'; rehearFrom: Ms; isBlamed: boolean }
  /** Hears in another language and speaks it from the next phrase on. `rehearFrom`: when the voice set in that is to be heard anew. */
  | { type: 'switch-language'; language: string; rehearFrom: Ms | null }
  /** Speaks at this rate from the next phrase on. */
  | { type: 'change-rate'; rate: number }
  /** Replaces a timer of the same name. */
  | { type: 'arm-timer'; timer: TimerName; gen: GenId; at: Ms }
  | { type: 'cancel-timer'; timer: TimerName }
  | { type: 'said'; message: SaidMessage }
  /** A message that was reported before has turned out to say something else. */
  | { type: 'revised'; id: number; content: string }
  | { type: 'measured'; ledger: LatencyLedger }
  | { type: 'interrupted'; gen: GenId }
  /** The person is to be put through to the agent of the call; answered by `transfer-failed`, or by the end of the call. At most once in a hand-over. */
  | { type: 'transfer' }
  /** The person wants to be called again, since this call cannot go on. */
  | { type: 'callback-asked' }
  | { type: 'noticed'; sign: TurnSign }
  /** The last effect of a call that we end. */
  | { type: 'hang-up'; reason: EndReason };
