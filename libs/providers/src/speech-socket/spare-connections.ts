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

/** A service that refuses spare connections is left alone for a while; calls ask it themselves. */
const REST_MS: Ms = 5_000;

/** Connections that were opened while a phone rang. Those that die meanwhile are replaced, once. */
export class SpareConnections {
  readonly #options: SpareConnectionsOptions;
  readonly #spares = new Set<Spare>();
  #restUntil: Ms = -Infinity;
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
    if (this.#closed || now < this.#restUntil || this.#spares.size >= this.#options.most) return;
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
    const timer = clock.setTimer(expiresAt, () => this.#letGo(spare));
    const spare: Spare = { language, connection: open(language), expiresAt, timer, isReplacement };
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
    else this.#restUntil = this.#options.clock.now() + Math.max(REST_MS, error.retryAfterMs ?? 0);
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
