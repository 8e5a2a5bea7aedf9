import type { Clock, Ms } from '@carillon/pipeline';
import type { ProviderLog } from '../provider-log.js';
import type { BreakerBoard } from './breaker-board.js';
import { CircuitBreaker, type CircuitOptions, type CircuitState, type Permit } from './circuit-breaker.js';
import type { FailoverEvent, FailoverObserver, ProviderKind } from './failover-event.js';

export interface Named<P> {
  /** Names it to metrics and to the other processes: the same everywhere. */
  name: string;
  provider: P;
}

export interface FailoverOptions<P> {
  /** In the order of preference. */
  providers: readonly Named<P>[];
  clock: Clock;
  log: ProviderLog;
  circuit?: Partial<CircuitOptions> | undefined;
  /** Without it each process finds out for itself. */
  board?: BreakerBoard | undefined;
  observe?: FailoverObserver | undefined;
}

/** A provider that may be asked now. Whoever takes it settles the permit. */
export interface Candidate<P> extends Named<P> {
  permit: Permit;
}

/** How old the board's word may be; Redis is asked once in so long for each provider in use. */
const BOARD_EVERY_MS = 1_000;

interface Place<P> extends Named<P> {
  circuit: CircuitBreaker;
}

/** Providers of one kind, each with its circuit. */
export class ProviderRow<P> {
  readonly #kind: ProviderKind;
  readonly #options: FailoverOptions<P>;
  readonly #places: readonly Place<P>[];
  #boardAskedAt = -Infinity;
  #boardIsDown = false;

  constructor(kind: ProviderKind, options: FailoverOptions<P>) {
    if (options.providers.length === 0) throw new Error(`there is no ${kind} provider to fail over between`);
    this.#kind = kind;
    this.#options = options;
    // With nobody to go to, slow is as fast as it gets.
    const circuit = options.providers.length === 1 ? { ...options.circuit, slowMs: Infinity } : (options.circuit ?? {});
    this.#places = options.providers.map(({ name, provider }) => ({
      name,
      provider,
      circuit: new CircuitBreaker(options.clock, circuit, (state, openForMs, hearsay) => {
        this.#changed(name, state, openForMs);
        if (!hearsay) this.#tell(name, openForMs); // nobody repeats what the board told him
      }),
    }));
    this.#lookAtBoard();
  }

  get providers(): readonly P[] {
    return this.#places.map(({ provider }) => provider);
  }

  get first(): P {
    const place = this.#places.find(({ circuit }) => circuit.state === 'closed') ?? this.#places[0];
    if (!place) throw new Error('a row of providers is never empty');
    return place.provider;
  }

  nameOf(provider: P): string | undefined {
    return this.#places.find((place) => place.provider === provider)?.name;
  }

  states(): { provider: string; state: CircuitState }[] {
    return this.#places.map(({ name, circuit }) => ({ provider: name, state: circuit.state }));
  }

  /** The first that is not in `tried` and may be asked; those that are only slow come last. */
  next(tried: ReadonlySet<string>): Candidate<P> | undefined {
    this.#lookAtBoard();
    const untried = this.#places.filter(({ name }) => !tried.has(name));
    for (const evenIfSlow of [false, true]) {
      for (const { name, provider, circuit } of untried) {
        const permit = circuit.permit(evenIfSlow);
        if (permit) return { name, provider, permit };
      }
    }
    return undefined;
  }

  /** Where `next` knows nobody: one whose circuit is open may still be asked now and then. A call that is told "all down" ends. */
  lastResort(tried: ReadonlySet<string>): Candidate<P> | undefined {
    for (const { name, provider, circuit } of this.#places) {
      const permit = tried.has(name) ? undefined : circuit.lastResort();
      if (permit) return { name, provider, permit };
    }
    return undefined;
  }

  /** How long until one of them may be asked; 0: now. */
  get restMs(): Ms {
    return Math.min(...this.#places.map(({ circuit }) => circuit.restMs));
  }

  observe(event: FailoverEvent): void {
    this.#options.observe?.(event);
  }

  #changed(provider: string, state: CircuitState, openForMs: Ms): void {
    this.#options.log.warn({ kind: this.#kind, provider, state, openForMs }, 'the circuit of a provider has changed');
    this.observe({ type: 'circuit', kind: this.#kind, provider, state, openForMs });
  }

  #lookAtBoard(): void {
    const { board, clock } = this.#options;
    if (!board || clock.now() - this.#boardAskedAt < BOARD_EVERY_MS) return;
    this.#boardAskedAt = clock.now();
    for (const { name, circuit } of this.#places) {
      board.get(this.#key(name)).then(
        (openForMs) => {
          this.#boardIsDown = false;
          circuit.adopt(openForMs);
        },
        (error: unknown) => this.#boardFailed(error),
      );
    }
  }

  #tell(provider: string, openForMs: Ms): void {
    this.#options.board?.set(this.#key(provider), openForMs).catch((error: unknown) => this.#boardFailed(error));
  }

  #key(provider: string): string {
    return `${this.#kind}:${provider}`;
  }

  #boardFailed(error: unknown): void {
    if (!this.#boardIsDown) this.#options.log.warn({ err: error }, 'circuits are not shared with the other processes for now');
    this.#boardIsDown = true;
  }
}
