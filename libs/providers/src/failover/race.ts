import type { Clock, Ms, TimerHandle } from '@carillon/pipeline';
import { ProviderError, type ProviderErrorCode } from '../provider-error.js';
import type { ProviderKind } from './failover-event.js';
import type { HedgeBudget } from './hedge-budget.js';
import type { Candidate, ProviderRow } from './provider-row.js';

export interface RaceRules {
  kind: ProviderKind;
  clock: Clock;
  /** A provider without a first piece after this long is left for the next; the last one gets twice the time. */
  firstPieceTimeoutMs: Ms;
  timeoutCode: ProviderErrorCode;
  /** After so long without a first piece the next provider is asked as well, as far as the budget goes. */
  hedgeAfterMs: Ms;
  budget: HedgeBudget;
  /** What comes of it says nothing of the providers: their circuits learn of neither a failure nor an answer. */
  offTheRecord?: boolean;
}

/** What a provider that was asked has to say. */
export interface Runner {
  /** The first piece is there. True: it is the first of all, and the rest may be handed on; false: nobody wants it any more. */
  answered(): boolean;
  failed(error: unknown): void;
  /** All is handed on. */
  finished(): void;
}

export interface RaceOptions<P> {
  row: ProviderRow<P>;
  rules: RaceRules;
  /** Asks one provider; answers how to stop it. */
  ask(provider: P, runner: Runner): () => void;
  /** Nothing was handed on and nobody is left to ask, or the winner failed in the middle. */
  failed(error: unknown): void;
}

interface Attempt<P> {
  candidate: Candidate<P>;
  number: number;
  hedged: boolean;
  stop: () => void;
  timer: TimerHandle | undefined;
}

/**
 * One request to the providers of a row: the next is asked when one fails, or (hedging) when one is slow; the first to give a piece wins
 * and the others are stopped. From then on nobody else is asked: a part was handed on.
 */
export class Race<P> {
  readonly #options: RaceOptions<P>;
  readonly #startedAt: Ms;
  readonly #tried = new Set<string>();
  readonly #running = new Set<Attempt<P>>();
  readonly #failures: Attempt<P>[] = [];
  #winner: Attempt<P> | undefined;
  #hedgeTimer: TimerHandle | undefined;
  #over = false;

  constructor(options: RaceOptions<P>) {
    this.#options = options;
    this.#startedAt = options.rules.clock.now();
  }

  begin(): void {
    const { budget, hedgeAfterMs } = this.#options.rules;
    budget.addRequest();
    if (!this.#askNext(false)) {
      // in a later task: whoever asked has no handle yet
      this.#hedgeTimer = this.#after(0, () => this.#giveUp(this.#withRest(new ProviderError('all_down'))));
    } else if (Number.isFinite(hedgeAfterMs)) {
      this.#hedgeTimer = this.#after(hedgeAfterMs, () => this.#hedge());
    }
  }

  /** Nobody waits any more. */
  cancel(): void {
    if (this.#over) return;
    this.#end();
    for (const attempt of this.#running) this.#drop(attempt);
  }

  #askNext(hedged: boolean): boolean {
    const { row } = this.#options;
    const candidate = row.next(this.#tried) ?? row.lastResort(this.#tried);
    if (candidate) this.#ask(candidate, hedged);
    return candidate !== undefined;
  }

  /** Who asks again does so when somebody may be asked: what the last of them wants may not be what all of them want. */
  #withRest(error: unknown): unknown {
    if (!(error instanceof ProviderError)) return error;
    const retryAfterMs = this.#options.row.restMs || undefined;
    return retryAfterMs === error.retryAfterMs ? error : new ProviderError(error.code, error.details, { cause: error, retryAfterMs });
  }

  #ask(candidate: Candidate<P>, hedged: boolean): void {
    this.#tried.add(candidate.name);
    const attempt: Attempt<P> = { candidate, hedged, number: this.#tried.size, stop: () => undefined, timer: undefined };
    this.#running.add(attempt);
    const { firstPieceTimeoutMs } = this.#options.rules;
    attempt.timer = this.#after(firstPieceTimeoutMs, () => this.#overdue(attempt));
    try {
      attempt.stop = this.#options.ask(candidate.provider, {
        answered: () => this.#answered(attempt),
        failed: (error) => this.#failed(attempt, error),
        finished: () => this.#finished(attempt),
      });
    } catch (error) {
      attempt.timer.cancel();
      attempt.timer = this.#after(0, () => this.#failed(attempt, error));
    }
  }

  #answered(attempt: Attempt<P>): boolean {
    if (this.#over || !this.#running.has(attempt)) return false;
    if (this.#winner) return this.#winner === attempt;
    this.#winner = attempt;
    this.#hedgeTimer?.cancel();
    attempt.timer?.cancel();
    for (const other of this.#running) if (other !== attempt) this.#drop(other);
    const { row, rules } = this.#options;
    const afterMs = rules.clock.now() - this.#startedAt;
    const { number, hedged, candidate } = attempt;
    const ownMs = candidate.permit.firstPieceMs;
    if (rules.offTheRecord) candidate.permit.dropped();
    else candidate.permit.answered();
    for (const failure of this.#failures) failure.candidate.permit.outdone();
    row.observe({ type: 'answered', kind: rules.kind, provider: candidate.name, attempt: number, hedged, afterMs, ownMs });
    return true;
  }

  #finished(attempt: Attempt<P>): void {
    if (this.#winner === attempt) this.#end();
  }

  #failed(attempt: Attempt<P>, error: unknown): void {
    if (this.#over || !this.#running.delete(attempt)) return;
    attempt.timer?.cancel();
    this.#failures.push(attempt);
    if (this.#options.rules.offTheRecord) attempt.candidate.permit.dropped();
    else attempt.candidate.permit.failed(error);
    const cutOff = this.#winner === attempt;
    const code = error instanceof ProviderError ? error.code : 'unknown';
    this.#options.row.observe({ type: 'failed', kind: this.#options.rules.kind, provider: attempt.candidate.name, code, cutOff });
    if (cutOff) this.#giveUp(error);
    else if (this.#running.size === 0 && !this.#askNext(false)) this.#giveUp(this.#withRest(error));
  }

  #overdue(attempt: Attempt<P>): void {
    const { timeoutCode, firstPieceTimeoutMs } = this.#options.rules;
    const timedOut = () => {
      attempt.stop();
      this.#failed(attempt, new ProviderError(timeoutCode, 'the next provider was due'));
    };
    const next = this.#running.size > 1 ? undefined : this.#options.row.next(this.#tried);
    if (next) this.#ask(next, false);
    if (next || this.#running.size > 1) timedOut();
    else attempt.timer = this.#after(firstPieceTimeoutMs, timedOut);
  }

  #hedge(): void {
    const { budget, kind } = this.#options.rules;
    if (!budget.allows || this.#running.size !== 1) return;
    const candidate = this.#options.row.next(this.#tried);
    if (!candidate) return;
    budget.spend();
    this.#options.row.observe({ type: 'hedged', kind, provider: candidate.name });
    this.#ask(candidate, true);
  }

  #drop(attempt: Attempt<P>): void {
    this.#running.delete(attempt);
    attempt.timer?.cancel();
    attempt.candidate.permit.dropped(attempt.candidate.permit.firstPieceMs > this.#options.rules.hedgeAfterMs);
    attempt.stop();
  }

  #giveUp(error: unknown): void {
    this.#end();
    this.#options.failed(error);
  }

  #end(): void {
    this.#over = true;
    this.#hedgeTimer?.cancel();
  }

  #after(delayMs: Ms, callback: () => void): TimerHandle {
    const { clock } = this.#options.rules;
    return clock.setTimer(clock.now() + delayMs, callback);
  }
}
