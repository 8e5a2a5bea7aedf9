import type { Claim, VocabularyTerm, VoiceStyle } from '@carillon/contracts';

/** Milliseconds on a monotonic clock; only differences mean anything. */
export type Ms = number;

export interface TimerHandle {
  cancel(): void;
}

/** The only source of time in this library: real in production, virtual in tests. */
export interface Clock {
  now(): Ms;
  /** Calls back at or after `at`; at once, in a later task, when `at` has passed. */
  setTimer(at: Ms, callback: () => void): TimerHandle;
}

/** The far end of the call as the session sees it: 20 ms frames of 16-bit mono PCM. */
export interface MediaTransport {
  readonly sampleRate: 16000 | 24000;
  /** Hands one 20 ms frame to the socket. Never blocks; the session paces. */
  send(frame: Int16Array): void;
  /** Drops what the carrier has queued but not played (StopAudio). */
  clear(): void;
}

/** Brings the audio of one direction of one call to another sample rate, however it is cut. */
export interface Resampler {
  process(pcm: Int16Array): Int16Array;
  /** Gives its memory back; nothing comes out any more. Harmless when repeated. */
  close(): void;
}

export interface ResamplerEngine {
  open(fromHz: number, toHz: number): Resampler;
}

/** One call's stream into the shared voice detector. */
export interface VadStream {
  /** Takes a copy of 20 ms of 16 kHz audio that arrived at `at`. */
  push(frame: Int16Array, at: Ms): void;
  close(): void;
}

export interface VadEngine {
  /**
   * `onProbability` hears, once per 32 ms window, how likely it holds speech (0–1) and when its last sample arrived; and, where the detector measures
   * loudness, since when the line has not been silent (null: it is).
   */
  open(onProbability: (probability: number, windowEndAt: Ms, soundAt?: Ms | null) => void): VadStream;
  close(): Promise<void>;
}

export interface SttListener {
  /** The service has taken the stream: said before all else, and once. */
  opened?(): void;
  /**
   * The transcript of the running utterance so far; replaces the one before. Empty: what was heard was no speech, whether something was shown of it or not. A
   * service that tells so says it each time: who says "nothing" is not deaf.
   */
  interim(text: string): void;
  /** The transcript of an utterance that is over. */
  final(text: string, confidence: number): void;
  failed(error: Error): void;
}

export interface SttStream {
  /** 16 kHz mono; the stream may keep the buffer. */
  push(frame: Int16Array): void;
  /** `deaf`: a person spoke and it said nothing, which its provider is to blame for. */
  close(because?: 'deaf'): void;
}

export interface SttProvider {
  /** Measured delay from the end of speech to the final transcript, used as the deadline for finals. */
  readonly finalP99Ms: Ms;
  open(options: { language: string; phrases: readonly string[] }, listener: SttListener): SttStream;
  /** Opens a connection ahead of a call in this language, where the provider can; of a bounded number, let go of when no call comes. */
  warm?(language: string): void;
  /** Lets go of connections that no call uses; calls go on. */
  close?(): void;
}

/** A model that tells from the words whether a person is done: 0 (more must follow) to 1 (surely over). */
export interface SemanticEndpointer {
  predict(view: { text: string; agentLine: string; language: string }): number | Promise<number>;
}

/** Compares what comes in with what we sent, by energy and time. One per call. */
export interface EchoMeter {
  /** A frame of ours that will be heard at `at`. */
  played(frame: Int16Array, at: Ms): void;
  /** 20 ms of 16 kHz audio that arrived at `at`: how likely its sound is our own (0–1). */
  heard(frame: Int16Array, at: Ms): number;
}

export type ChatMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string; toolCalls?: ToolCall[] | undefined }
  | { role: 'tool'; toolCallId: string; content: string };

export interface ToolCall {
  id: string;
  name: string;
  /** JSON text, as the model wrote it. */
  arguments: string;
}

/** A function the model may call; `parameters` is a JSON schema. */
export interface ToolDefinition {
  name: string;
  description: string;
  parameters: Record<string, unknown>;
}

export interface LlmRequest {
  messages: ChatMessage[];
  tools: ToolDefinition[];
}

export type LlmDelta =
  | { type: 'text'; text: string }
  | { type: 'tool_call'; call: ToolCall }
  | { type: 'usage'; inputTokens: number; outputTokens: number; provider?: string | undefined };

export interface LlmProvider {
  /**
   * Streams one answer; ends the iteration by itself, throws when the provider fails or the signal aborts. What it throws may carry
   * `retryAfterMs`: how long the service wants to be left alone.
   */
  stream(request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmDelta>;
  /** Sees to an open connection ahead of need, where the provider has one to open. Harmless when repeated. */
  warm?(): void;
}

export interface TtsRequest {
  text: string;
  voice: string;
  /** Deployment of a custom neural voice. */
  customVoice?: string | undefined;
  language: string;
  style: VoiceStyle;
  /** Speech rate, 0.75–1.25 */
  rate: number;
  sampleRate: 16000 | 24000;
  /** Words that the voice would pronounce wrongly; the same list for all of a call. */
  vocabulary?: readonly VocabularyTerm[] | undefined;
}

/** When a word of an utterance is said. */
export interface WordMark {
  /** Where it stands in the text of the request, in UTF-16 units. */
  offset: number;
  length: number;
  /** From the first sample of the utterance. */
  beginMs: Ms;
  endMs: Ms;
}

export interface TtsListener {
  /** Audio in order, any length. */
  audio(pcm: Int16Array): void;
  /** Further words, in order, where the provider tells them; as a rule ahead of their audio. Some may be missing. */
  words?(marks: readonly WordMark[]): void;
  done(): void;
  failed(error: Error): void;
}

export interface TtsProvider {
  /** Starts one utterance; after `cancel` nothing more is heard of it. Utterances of one call are asked for one after the other. */
  speak(request: TtsRequest, listener: TtsListener): { cancel(): void };
  /** Opens a connection ahead of the first utterance, where the provider has one to open: it serves one sample rate only. */
  warm?(sampleRate: TtsRequest['sampleRate']): void;
  close(): void;
}

export interface ToolOutcome {
  /** What the model reads as the result. */
  content: string;
  /** The claim after the call, when the tool changed it. */
  claim?: Claim | undefined;
  /** Set by the tool that brings the call to its end: after the line being said, the session closes. */
  endCall?: { reason: string } | undefined;
  /** From now on the call is held in this language, one of the plan's, and at this speech rate. */
  speech?: { language?: string | undefined; rate?: number | undefined } | undefined;
}

/** Runs one tool; never before the turn is committed. A second run with the same call id gives the same outcome. */
export interface ToolExecutor {
  readonly definitions: ToolDefinition[];
  run(call: ToolCall, signal: AbortSignal): Promise<ToolOutcome>;
}
