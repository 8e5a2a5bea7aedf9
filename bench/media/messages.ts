import type { CarrierTrust } from '../voice/bench-carrier.js';

/** What the parts of the media bench tell each other over their IPC channels. */
export interface WorkerOrder {
  type: 'start';
  calls: number;
  trust: CarrierTrust;
}

export interface GeneratorOrder {
  type: 'start';
  mediaUrls: string[];
  /** What the pretended carrier signs its handshakes with. */
  token: string;
  /** 16 kHz mono speech, base64, one per thing that a person may say. */
  clips: string[];
  seconds: number;
  seed: number;
}

export interface GeneratorReport {
  type: 'report';
  framesSent: number;
  framesReceived: number;
  /** Times that the sound a person hears ran dry in the middle of an answer. */
  underruns: number;
  /** Sockets that closed before the end. */
  dropped: number;
  utterances: number;
}

export interface WorkerFrames {
  framesReceived: number;
  framesSent: number;
}

export interface WorkerReport {
  turns: number;
  replyMs: number[];
  /** Per reply: what is left when the scripted providers and the endpointing policy are taken out, and the detector's delay in this turn. */
  engineMs: number[];
  vadWindows: number;
  /** Judged by loudness, because the voice detector was away or too late. */
  vadFallbackWindows: number;
  vadQueueP99Ms: number;
  loopDelayP99Ms: number;
  coresUsed: number;
  rssMb: number;
}
