import type {
  Clock,
  EchoMeter,
  LlmProvider,
  MediaTransport,
  ResamplerEngine,
  SemanticEndpointer,
  SttProvider,
  ToolExecutor,
  TtsProvider,
  VadEngine,
} from '../ports.js';

/** What a session works with. It opens streams on them and closes those; the providers themselves belong to the caller. */
export interface CallPorts {
  clock: Clock;
  media: MediaTransport;
  vad: VadEngine;
  stt: SttProvider;
  llm: LlmProvider;
  tts: TtsProvider;
  tools: ToolExecutor;
  /** For lines that are not at 16 kHz; without it those cannot be held. */
  resamplers?: ResamplerEngine | undefined;
  /** Asked about the end of turns, where there is one. */
  endpointer?: SemanticEndpointer | undefined;
  /** The call's own: it keeps what was sent. */
  echo?: EchoMeter | undefined;
}
