import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AcsError, invalidArgument } from './acs-error.js';

export interface AcsAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: object;
}

interface Stored {
  bodyHash: string;
  answer: Promise<AcsAnswer>;
  storedAt: number;
}

const MAX_STORED = 100_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface RepeatabilityOptions {
  /** How long an id is remembered. The service does not say; the engine assumes five minutes. */
  windowMs: number;
  /** Epoch milliseconds. */
  now: () => number;
}

/** Executes a request once per repeatability id: a repeat gets the first answer, also while the first is still being worked out. */
export class RepeatabilityStore {
  /** Repeats that were answered without being executed. */
  replays = 0;
  /** Set to make the service forget every id, as nobody promises that it will not. */
  forgetful = false;
  readonly #stored = new Map<string, Stored>();

  constructor(private readonly options: RepeatabilityOptions) {}

  async once(request: IncomingMessage, body: Buffer, execute: () => Promise<AcsAnswer>): Promise<AcsAnswer> {
    const id = this.#checkedId(request);
    if (id === null || this.forgetful) return execute();
    const key = `${request.method ?? ''} ${(request.url ?? '').split('?', 1)[0] ?? ''} ${id.toLowerCase()}`;
    const bodyHash = createHash('sha256').update(body).digest('base64');
    const known = this.#stored.get(key);
    if (!known) return this.#first(key, bodyHash, execute);
    if (known.bodyHash !== bodyHash) throw invalidArgument('The repeatability id was sent before with another body.');
    this.replays++;
    const answer = await known.answer;
    return { ...answer, headers: { ...answer.headers, 'Repeatability-Result': 'accepted' } };
  }

  #checkedId(request: IncomingMessage): string | null {
    const { 'repeatability-request-id': id, 'repeatability-first-sent': firstSent } = request.headers;
    if (id === undefined && firstSent === undefined) return null;
    if (typeof id !== 'string' || typeof firstSent !== 'string')
      throw invalidArgument('Repeatability-Request-ID and Repeatability-First-Sent go together.');
    if (!UUID.test(id)) throw invalidArgument('Repeatability-Request-ID must be a UUID.');
    const ageMs = this.options.now() - Date.parse(firstSent);
    if (Number.isNaN(ageMs)) throw invalidArgument('Repeatability-First-Sent must be an HTTP date.');
    if (ageMs > this.options.windowMs)
      throw new AcsError(412, '8583', 'Repeatability-First-Sent is older than the window in which ids are remembered.');
    return id;
  }

  async #first(key: string, bodyHash: string, execute: () => Promise<AcsAnswer>): Promise<AcsAnswer> {
    this.#forgetOld();
    const answer = execute();
    this.#stored.set(key, { bodyHash, answer, storedAt: this.options.now() });
    try {
      return await answer;
    } catch (error) {
      this.#stored.delete(key); // what was refused was not executed
      throw error;
    }
  }

  /** The map is in order of arrival, so the old ones are at its front. */
  #forgetOld(): void {
    const before = this.options.now() - this.options.windowMs;
    for (const [key, { storedAt }] of this.#stored) {
      if (storedAt >= before && this.#stored.size < MAX_STORED) return;
      this.#stored.delete(key);
    }
  }
}
