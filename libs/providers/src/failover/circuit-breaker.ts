import type { Clock, Ms } from '@carillon/pipeline';
import { ProviderError } from '../provider-error.js';
import { OutcomeWindow, type Outcome } from './outcome-window.js';

export type CircuitState = 'closed' | 'open' | 'half-open';

export interface CircuitOptions {
  /** Outcomes of this long count. */
  windowMs: Ms;
  /** So many bad ones open the circuit, */
  minBad: number;
  /** when they are at least this share of all. */
  badShare: number;
  /** A first piece that comes later than this is bad. */
  slowMs: Ms;
  /** The first opening; each that follows without a good answer between is twice as long, up to `maxOpenMs`. */
  openMs: Ms;
  maxOpenMs: Ms;
  /** The same for a service that has enough of us and does not say for how long (HTTP 429 without Retry-After). */
  throttledMs: Ms;
}

export const CIRCUIT_DEFAULTS: CircuitOptions = {
  windowMs: 10_000,
  minBad: 5,
  badShare: 0.5,
  slowMs: 2_000,
  openMs: 5_000,
  maxOpenMs: 60_000,
  throttledMs: 1_000,
};

/** An open circuit lets a request through so often where nobody else is left to ask: enough to notice that it is over, too little to be a burden. */
const LAST_RESORT_EVERY_MS = 500;

/** `hearsay`: this process only took another's word for it. */
export type CircuitListener = (state: CircuitState, openForMs: Ms, hearsay: boolean) => void;

/**
 * What the provider had no part in: our own limits, our own end, and requests that are wrong in themselves. A voice, a language or a text is one tenant's own:
 * what comes of it must not turn the calls of all others away.
 */
function isNotItsFault(error: ProviderError): boolean {
  return error.rejected || error.code === 'tts_busy' || error.code === 'closed';
}

/**
 * Times `minBad`: so many requests that a provider called wrong in themselves, and another one answered, open its circuit where it answers none at all: its
 * deployment is gone, or the way to it. What no provider answers never counts, nor does what comes of one tenant's voice while others speak.
 */
const OUTDONE_PER_BAD = 4;

/** An open circuit that stays open for less than this longer is no news: a burst of 429s would tell, log and share each of them. */
const NEWS_MS: Ms = 500;

/**
 * ```
 *           bad outcomes, or 429            time is up
 * closed ────────────────────────► open ───────────────► half-open
 *    ▲                              ▲                     │     │
 *    │            good answer       │   bad answer        │     │
 *    └──────────────────────────────┼─────────────────────┼─────┘
 *                                   └─────────────────────┘
 * ```
 * Half-open lets one request at a time through, the trial. All of it is synchronous: the audio path waits for nobody's opinion.
 *
 * An open circuit protects calls that have somewhere else to go. Those that have not get a `lastResort`.
 */
export class CircuitBreaker {
  readonly #clock: Clock;
  readonly #options: CircuitOptions;
  readonly #changed: CircuitListener;
  readonly #window: OutcomeWindow;
  #openUntil: Ms | undefined;
  /** Until when it is open, as far as anybody was told. */
  #toldUntil: Ms = -Infinity;
  /** Opened because of slow answers alone: slow is better than nothing. */
  #onlySlow = false;
  /** Opened by another process's word alone. */
  #adopted = false;
  #openings = 0;
  #trial: Permit | undefined;
  /** Nothing is asked before as a last resort: the service has said for how long it wants to be left alone, or was asked just now. */
  #lastResortAt: Ms = -Infinity;

  constructor(clock: Clock, options: Partial<CircuitOptions>, changed: CircuitListener) {
    this.#clock = clock;
    this.#options = { ...CIRCUIT_DEFAULTS, ...options };
    this.#changed = changed;
    this.#window = new OutcomeWindow(this.#options.windowMs);
  }

  get state(): CircuitState {
    if (this.#openUntil === undefined) return 'closed';
    return this.#clock.now() < this.#openUntil ? 'open' : 'half-open';
  }

  /** Leave for one request. `evenIfSlow`: nobody faster is left. */
  permit(evenIfSlow = false): Permit | undefined {
    const { state } = this;
    // a slow answer is better than none, be the circuit open or half-open: who has nobody faster is not turned away because somebody else is the trial
    const takesSlow = evenIfSlow && this.#onlySlow;
    if (state === 'open' && !takesSlow) return undefined;
    if (state === 'half-open' && this.#trial && !takesSlow) return undefined;
    const permit: Permit = new Permit(this.#clock, {
      settled: (outcome, error) => this.#settled(permit, outcome, error),
      dropped: () => this.#endTrial(permit),
      outdone: () => this.#outdone(),
    });
    if (state === 'half-open') this.#trial ??= permit;
    return permit;
  }

  /** Leave for one request although the circuit is open, where nobody else may be asked; a few in a second at the most. A good answer closes it. */
  lastResort(): Permit | undefined {
    const now = this.#clock.now();
    if (now < this.#lastResortAt) return undefined;
    this.#lastResortAt = now + LAST_RESORT_EVERY_MS;
    return new Permit(this.#clock, {
      settled: (outcome, error) => this.#settledLast(outcome, error),
      dropped: () => undefined,
      outdone: () => undefined,
    });
  }

  /** How long until a request may be made, be it as a last resort; 0: now. */
  get restMs(): Ms {
    const now = this.#clock.now();
    const { state } = this;
    if (state === 'closed' || (state === 'half-open' && !this.#trial)) return 0;
    const openForMs = state === 'open' ? (this.#openUntil ?? now) - now : Infinity;
    return Math.max(0, Math.min(openForMs, this.#lastResortAt - now));
  }

  /** What the other processes say: for how long to leave the provider alone, 0 for not. */
  adopt(openForMs: Ms): void {
    const until = this.#clock.now() + Math.min(openForMs, this.#options.maxOpenMs);
    if (openForMs === 0) {
      if (this.#adopted) this.#close(true);
    } else if (this.#openUntil === undefined || (this.#adopted && until > this.#openUntil)) {
      const isNews = this.state !== 'open';
      this.#adopted = true;
      this.#onlySlow = false;
      this.#openUntil = until;
      this.#toldUntil = until;
      if (isNews) this.#changed('open', openForMs, true);
    }
  }

  #settled(permit: Permit, outcome: Outcome, error: unknown): void {
    const wasTrial = this.#endTrial(permit);
    const throttled = error instanceof ProviderError && error.throttled;
    if (error instanceof ProviderError && isNotItsFault(error)) return;
    const isLate = outcome === 'good' && permit.firstPieceMs > this.#options.slowMs;
    const judged = isLate ? 'slow' : outcome;
    if (throttled) return this.#throttled(error.retryAfterMs);
    if (wasTrial) return judged === 'good' ? this.#close() : this.#openLonger(judged === 'slow');
    if (this.#openUntil !== undefined) return; // asked for before it opened: nothing new
    this.#window.add(judged, this.#clock.now());
    if (judged !== 'good') this.#weigh();
  }

  /** It failed before and fails again: nothing new. */
  #settledLast(outcome: Outcome, error: unknown): void {
    if (outcome === 'good') {
      if (this.#openUntil !== undefined) this.#close();
    } else if (error instanceof ProviderError && error.throttled) this.#throttled(error.retryAfterMs);
  }

  /** Its trials count too: they are all that a half-open circuit lets through. */
  #outdone(): void {
    if (this.state === 'open') return; // asked for before it opened: nothing new
    const now = this.#clock.now();
    this.#window.add('outdone', now);
    const { good, slow, outdone } = this.#window.totals(now);
    if (good + slow === 0 && outdone >= OUTDONE_PER_BAD * this.#options.minBad) this.#openLonger(false);
  }

  #throttled(toldMs: Ms | undefined): void {
    this.#open(toldMs ?? this.#options.throttledMs * 2 ** this.#openings, false);
    if (toldMs === undefined) return;
    const until = this.#clock.now() + Math.min(toldMs, this.#options.maxOpenMs);
    this.#lastResortAt = Math.max(this.#lastResortAt, until);
  }

  #weigh(): void {
    const { minBad, badShare } = this.#options;
    const { good, slow, failed } = this.#window.totals(this.#clock.now());
    const trips = (bad: number) => bad >= minBad && bad >= badShare * (good + slow + failed);
    if (trips(failed)) this.#openLonger(false);
    else if (trips(failed + slow)) this.#openLonger(true);
  }

  #openLonger(onlySlow: boolean): void {
    this.#open(this.#options.openMs * 2 ** this.#openings, onlySlow);
  }

  #open(wantedMs: Ms, onlySlow: boolean): void {
    const openForMs = Math.min(wantedMs, this.#options.maxOpenMs);
    const until = this.#clock.now() + openForMs;
    const wasOpen = this.state === 'open';
    if (wasOpen && until <= (this.#openUntil ?? 0)) return;
    if (!wasOpen) this.#openings = Math.min(this.#openings + 1, 10);
    this.#openUntil = until;
    this.#onlySlow = onlySlow;
    this.#adopted = false;
    this.#lastResortAt = Math.max(this.#lastResortAt, this.#clock.now() + LAST_RESORT_EVERY_MS);
    this.#window.clear();
    if (wasOpen && until - this.#toldUntil < NEWS_MS) return;
    this.#toldUntil = until;
    this.#changed('open', openForMs, false);
  }

  #close(hearsay = false): void {
    this.#openUntil = undefined;
    this.#adopted = false;
    this.#openings = 0;
    this.#window.clear();
    this.#changed('closed', 0, hearsay);
  }

  #endTrial(permit: Permit): boolean {
    if (this.#trial !== permit) return false;
    this.#trial = undefined;
    return true;
  }
}

interface PermitEnds {
  settled(outcome: Outcome, error?: unknown): void;
  dropped(): void;
  outdone(): void;
}

/** One request, as its provider's circuit sees it. Each may be told twice at most: that it answered, and that it failed after all. */
export class Permit {
  readonly #clock: Clock;
  readonly #ends: PermitEnds;
  readonly #since: Ms;
  #firstPieceMs: Ms | undefined;
  #over = false;
  #rejected = false;

  constructor(clock: Clock, ends: PermitEnds) {
    this.#clock = clock;
    this.#ends = ends;
    this.#since = clock.now();
  }

  /** From the request to its first piece; what it has waited so far, before. */
  get firstPieceMs(): Ms {
    return this.#firstPieceMs ?? this.#clock.now() - this.#since;
  }

  answered(): void {
    if (this.#over || this.#firstPieceMs !== undefined) return;
    this.#firstPieceMs = this.firstPieceMs;
    this.#ends.settled('good');
  }

  failed(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#rejected = error instanceof ProviderError && error.rejected;
    this.#ends.settled('failed', error);
  }

  /** Another provider answers the same request: if this one called it wrong in itself, it is the provider that is wrong. */
  outdone(): void {
    if (this.#rejected) this.#ends.outdone();
  }

  /** Nobody wants the answer any more. That says nothing of the provider, unless it was overdue. */
  dropped(overdue = false): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#firstPieceMs !== undefined) return;
    if (overdue) this.#ends.settled('slow');
    else this.#ends.dropped();
  }
}
