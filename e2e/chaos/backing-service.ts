/** Postgres or Redis as the harness holds them (tools/run-chaos.mjs). */
export interface BackingService {
  url: string;
  /** Sends the signal and waits until the process has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again, on the same port and over the same data; Redis keeps none. */
  start(): Promise<void>;
}
