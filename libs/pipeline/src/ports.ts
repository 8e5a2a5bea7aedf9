import type { Claim } from '@carillon/contracts';

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

/** One call's stream into the shared voice detector. */
export interface VadStream {
  /** Takes a copy of 20 ms of 16 kHz audio that arrived at `at`. */
  push(frame: Int16Array, at: Ms): void;
  close(): void;
}

export interface VadEngine {
  /** `onProbability` hears, once per 32 ms window, how likely it holds speech (0–1) and when its last sample arrived. */
  open(onProbability: (probability: number, windowEndAt: Ms) => void): VadStream;
  close(): Promise<void>;
}

export interface SttListener {
  /** The transcript of the running utterance so far; replaces the one before. Empty: what was shown so far was no speech. */
  interim(text: string): void;
  /** The transcript of an utterance that is over. */
  final(text: string, confidence: number): void;
  failed(error: Error): void;
}

export interface SttStream {
  /** 16 kHz mono; the stream may keep the buffer. */
  push(frame: Int16Array): void;
  close(): void;
}

export interface SttProvider {
  /** Measured delay from the end of speech to the final transcript, used as the deadline for finals. */
  readonly finalP99Ms: Ms;
  open(options: { language: string; phrases: readonly string[] }, listener: SttListener): SttStream;
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
  { type: 'text'; text: string } | { type: 'tool_call'; call: ToolCall } | { type: 'usage'; inputTokens: number; outputTokens: number };

export interface LlmProvider {
  /** Streams one answer; ends the iteration by itself, throws when the provider fails or the signal aborts. */
  stream(request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmDelta>;
  /** Sees to an open connection ahead of need, where the provider has one to open. Harmless when repeated. */
  warm?(): void;
}

export interface TtsRequest {
  text: string;
  voice: string;
  language: string;
  style: 'none' | 'cheerful' | 'sad';
  /** Speech rate, 0.75–1.25 */
  rate: number;
  sampleRate: 16000 | 24000;
}

export interface TtsListener {
  /** Audio in order, any length. */
  audio(pcm: Int16Array): void;
  done(): void;
  failed(error: Error): void;
}

export interface TtsProvider {
  /** Starts one utterance; after `cancel` nothing more is heard of it. Utterances of one call are asked for one after the other. */
  speak(request: TtsRequest, listener: TtsListener): { cancel(): void };
  /** Opens a connection ahead of the first utterance, where the provider has one to open. */
  warm?(): void;
  close(): void;
}

export interface ToolOutcome {
  /** What the model reads as the result. */
  content: string;
  /** The claim after the call, when the tool changed it. */
  claim?: Claim | undefined;
  /** Set by the tool that brings the call to its end: after the line being said, the session closes. */
  endCall?: { reason: string } | undefined;
}

/** Runs one tool; never before the turn is committed. A second run with the same call id gives the same outcome. */
export interface ToolExecutor {
  readonly definitions: ToolDefinition[];
  run(call: ToolCall, signal: AbortSignal): Promise<ToolOutcome>;
}
