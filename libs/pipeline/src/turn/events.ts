import type { Ms, ToolCall } from '../ports.js';
import type { MachineOrder } from './machine.js';
import type { SpeechChange } from './speech.js';
import type { EndReason, GenId, TimerName } from './state.js';

/** How far a reply was heard: the phrases before `phrase` wholly, that one by `share` (0–1). */
export interface HeardPosition {
  gen: GenId;
  phrase: number;
  share: number;
}

/** All that can happen in a call. `at` is when it happened on the session's clock. */
export type TurnEvent = { at: Ms } & (
  | { type: 'call-started' }
  /** The first inbound frame. */
  | { type: 'media-opened' }
  /**
   * One window of the voice detector, whose last sample came in at `windowEndAt`. Where somebody measures it: `soundAt`, since when the line has not
   * been silent; `echo`, how likely the sound is our own (0–1), by energy and time.
   */
  | { type: 'voice'; probability: number; windowEndAt: Ms; soundAt?: Ms | null | undefined; echo?: number | undefined }
  | { type: 'interim'; text: string }
  | { type: 'final'; text: string }
  /** `workedMs`: for how long the service had had the stream, where it ever took it. */
  | { type: 'stt-failed'; workedMs?: Ms | undefined }
  /** Answer to the effect `ask-endpointer`: how likely a person who has said this is done (0–1). */
  | { type: 'endpoint-predicted'; text: string; probability: number }
  | { type: 'llm-text'; gen: GenId; request: number; text: string }
  | { type: 'llm-tool-call'; gen: GenId; request: number; call: ToolCall }
  | { type: 'llm-done'; gen: GenId; request: number }
  /** `retryAfterMs`: how long the service wants to be left alone, where it said so. */
  | { type: 'llm-failed'; gen: GenId; request: number; retryAfterMs?: Ms | undefined }
  | { type: 'tool-done'; gen: GenId; callId: string; content: string; endCall: boolean; speech?: SpeechChange | undefined }
  /** First audio of a phrase. */
  | { type: 'tts-audio'; gen: GenId; phrase: number }
  /** Synthesis broke off for good; there is audio for `share` of the text. */
  | { type: 'tts-failed'; gen: GenId; phrase: number; share: number }
  /** First frame of a phrase on the socket. */
  | { type: 'playout-started'; gen: GenId; phrase: number }
  /** Last frame of a phrase heard. */
  | { type: 'playout-played'; gen: GenId; phrase: number }
  /** Answer to the effect `clear-out`. */
  | ({ type: 'playout-cut' } & HeardPosition)
  /** Answer to the effect `pause-out`. */
  | ({ type: 'playout-paused' } & HeardPosition)
  | { type: 'timer'; timer: TimerName; gen: GenId }
  /** The person pressed a key: 0–9, *, #, A–D. */
  | { type: 'dtmf'; digit: string }
  | { type: 'machine'; order: MachineOrder }
  /** Answer to the effect `transfer`: nobody takes over. */
  | { type: 'transfer-failed' }
  /** From outside: the socket closed, the worker stops. `heard` where a reply was playing. */
  | { type: 'call-ended'; reason: EndReason; heard: HeardPosition | null }
);
