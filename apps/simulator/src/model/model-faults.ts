/** What the service can be told to do wrong. */
export type ModelFault =
  | { kind: 'status'; status: 429 | 500 | 503 }
  /** Takes the request and never answers. */
  | { kind: 'stall' };

/** Faults on demand, for the next requests. */
export class ModelFaults {
  #fault: ModelFault | null = null;
  #times = 0;

  set(fault: ModelFault, times: number): void {
    this.#fault = fault;
    this.#times = times;
  }

  clear(): void {
    this.#times = 0;
  }

  /** The fault of the request at hand; null when it is to go well. */
  take(): ModelFault | null {
    if (this.#times <= 0) return null;
    this.#times -= 1;
    return this.#fault;
  }
}
