/** What the parts of the media bench tell each other over their IPC channels. */
export interface GeneratorOrder {
  type: 'start';
  mediaUrls: string[];
  /** RS256 key of the pretended carrier, PKCS 8. */
  carrierKey: string;
  issuer: string;
  audience: string;
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
  type: 'frames';
  framesReceived: number;
  framesSent: number;
}

export interface WorkerReport {
  type: 'report';
  turns: number;
  replyMs: number[];
  /** Per reply: what is left when the scripted providers and the endpointing policy are taken out. */
  engineMs: number[];
  vadWindows: number;
  vadQueueP99Ms: number;
  loopDelayP99Ms: number;
  coresUsed: number;
  rssMb: number;
}
