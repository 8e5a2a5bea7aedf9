import type { CarrierCall } from './referee/carrier-call.js';
import type { Faults } from './result.js';

/** The simulator's control API, which no service under test knows. */
export class SimulatorControl {
  constructor(
    private readonly url: string,
    private readonly key: string,
  ) {}

  async startFaults(seed: string): Promise<void> {
    await this.#ask('POST', '/control/faults', { carrier: { rules: RULES, seed } });
  }

  async stopFaults(): Promise<void> {
    await this.#ask('DELETE', '/control/faults');
  }

  /** The carrier's log, whole. */
  async calls(): Promise<CarrierCall[]> {
    const answer = await this.#ask('GET', '/control/carrier/calls.ndjson');
    const lines = (await answer.text()).split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as CarrierCall);
  }

  async openCalls(): Promise<number> {
    const answer = await this.#ask('GET', '/control/carrier');
    return ((await answer.json()) as { open: number }).open;
  }

  /** Faults that struck. */
  async faults(): Promise<Faults> {
    const answer = await this.#ask('GET', '/control/statistics');
    const { faults } = (await answer.json()) as { faults: Record<string, number> };
    const count = (...names: string[]) => names.reduce((sum, name) => sum + (faults[name] ?? 0), 0);
    return {
      timeout_after: count('createCall drop-after', 'createCall delay'),
      error_500: count('createCall status 500'),
      refused_429: count('createCall status 429'),
      duplicate: count('callback duplicate'),
      late: count('callback delay'),
      reordered: count('callback reorder'),
      early: count('createCall early'),
      missing: count('callback drop'),
    };
  }

  async #ask(method: string, path: string, body?: unknown): Promise<Response> {
    const init: RequestInit = { method, headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' } };
    if (body !== undefined) init.body = JSON.stringify(body);
    const answer = await fetch(`${this.url}${path}`, init);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}

const createCall = (probability: number, fault: object) => ({ on: 'createCall', when: { probability }, fault });
const callback = (probability: number, fault: object) => ({ on: 'callback', when: { probability }, fault });

/** The engine waits 15 s for an answer to createCall; this is longer. */
const BEYOND_TIMEOUT_MS = 20_000;

/** What goes wrong at the carrier all along: about one request in seven, one callback in six. */
const RULES = [
  createCall(0.03, { kind: 'drop-after' }),
  createCall(0.015, { kind: 'delay', delayMs: BEYOND_TIMEOUT_MS }),
  createCall(0.015, { kind: 'status', status: 500 }),
  createCall(0.015, { kind: 'status', status: 500, executed: true }),
  createCall(0.03, { kind: 'status', status: 429, retryAfterS: 1 }),
  createCall(0.04, { kind: 'early', atMostMs: 8_000 }),
  callback(0.05, { kind: 'duplicate' }),
  callback(0.02, { kind: 'delay', delayMs: 3_000 }),
  callback(0.02, { kind: 'delay', delayMs: 12_000 }),
  callback(0.06, { kind: 'reorder' }),
  callback(0.02, { kind: 'drop' }),
];
