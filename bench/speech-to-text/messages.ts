/** `none` holds the streams and sends nothing: what is left is the bench itself. */
export type ClientName = 'sdk' | 'socket' | 'none';

/** What the parts of this bench tell each other over their IPC channels. */
export interface WorkerOrder {
  type: 'start';
  client: ClientName;
  calls: number;
  /** WebSocket URL of the service. */
  url: string;
}

export interface WorkerReport {
  cpuPct: number;
  rssMb: number;
  loopDelayP99Ms: number;
  interims: number;
  finals: number;
  failures: number;
}

export interface ServiceReport {
  frames: number;
  delayP50Ms: number;
  delayP95Ms: number;
  /** From opening a recogniser to its first audio in the service. */
  openP50Ms: number;
}
