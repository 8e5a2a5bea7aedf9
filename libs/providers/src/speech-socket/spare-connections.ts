import type { Clock, Ms, TimerHandle } from '@carillon/pipeline';
import type { ProviderLog } from '../provider-log.js';
import type { ConnectionLoss, SpeechConnection } from './speech-connection.js';

export interface SpareConnectionsOptions {
  open(language: string): SpeechConnection;
  clock: Clock;
  log: ProviderLog;
  /** At the same time. */
  most: number;
  /** One that nobody has used for so long is let go: the service closes what says nothing, and a phone does not ring for ever. */
  keepMs: Ms;
}

interface Spare {
  language: string;
  connection: SpeechConnection;
  expiresAt: Ms;
  timer: TimerHandle;
  /** It stands in for one that died: where that goes on, nobody is served by more of them. */
  isReplacement: boolean;
}

/** Where the service refuses spare connections none of that language is asked for during a while, nor of any where it has enough of us; calls ask it themselves. */
const REST_MS: Ms = 5_000;
const ANY_LANGUAGE = '';

/** Connections that were opened while a phone rang. Those that die meanwhile are replaced, once. */
export class SpareConnections {
  readonly #options: SpareConnectionsOptions;
  readonly #spares = new Set<Spare>();
  readonly #restUntil = new Map<string, Ms>();
  #closed = false;

  constructor(options: SpareConnectionsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#spares.size;
  }

  /** Opens one more, while there is room. */
  warm(language: string): void {
    const now = this.#options.clock.now();
    if (this.#closed || this.#rests(language, now) || this.#spares.size >= this.#options.most) return;
    this.#add({ language, expiresAt: now + this.#options.keepMs, isReplacement: false });
  }

  /** The oldest that is open; else one whose handshake is under way, which is still ahead of a new one. */
  take(language: string): SpeechConnection | undefined {
    const fitting = [...this.#spares].filter((spare) => spare.language === language);
    const spare = fitting.find(({ connection }) => connection.isOpen) ?? fitting[0];
    if (!spare) return undefined;
    this.#remove(spare);
    return spare.connection;
  }

  close(): void {
    this.#closed = true;
    for (const spare of this.#spares) this.#letGo(spare);
  }

  #add({ language, expiresAt, isReplacement }: Pick<Spare, 'language' | 'expiresAt' | 'isReplacement'>): void {
    const { open, clock } = this.#options;
    const connection = open(language); // may throw: nothing must be left behind that waits for it
    const timer = clock.setTimer(expiresAt, () => this.#letGo(spare));
    const spare: Spare = { language, connection, expiresAt, timer, isReplacement };
    spare.connection.listen({
      opened: () => undefined,
      heard: () => undefined, // before there is audio, nothing that it says means anything
      lost: (loss) => this.#lost(spare, loss),
    });
    this.#spares.add(spare);
  }

  #lost(spare: Spare, { error, mayReopen }: ConnectionLoss): void {
    this.#remove(spare);
    this.#options.log.debug({ code: error.code, details: error.details }, 'a spare connection to the recogniser was lost');
    if (mayReopen && !spare.isReplacement) this.#add({ ...spare, isReplacement: true });
    else this.#rest(error.throttled ? ANY_LANGUAGE : spare.language, Math.max(REST_MS, error.retryAfterMs ?? 0));
  }

  #rest(language: string, restMs: Ms): void {
    const now = this.#options.clock.now();
    for (const [rested, until] of this.#restUntil) if (until <= now) this.#restUntil.delete(rested);
    this.#restUntil.set(language, now + restMs);
  }

  #rests(language: string, now: Ms): boolean {
    return [language, ANY_LANGUAGE].some((each) => now < (this.#restUntil.get(each) ?? -Infinity));
  }

  #letGo(spare: Spare): void {
    this.#remove(spare);
    spare.connection.close();
  }

  #remove(spare: Spare): void {
    spare.timer.cancel();
    this.#spares.delete(spare);
  }
}
