import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom, type SeededRandom } from '../people/seeded-random.js';
import { AcsError } from './acs-error.js';

export type Operation =
  | 'createCall'
  | 'getProperties'
  | 'hangUp'
  | 'terminate'
  | 'transfer'
  | 'startMediaStreaming'
  | 'stopMediaStreaming'
  | 'play'
  | 'cancelAll'
  | 'listParticipants';

/** A request that goes wrong. */
export type RequestFault =
  /** Answered so; not executed, unless `executed` says that it was. */
  | { kind: 'status'; status: number; code?: string; retryAfterS?: number; executed?: boolean }
  /** Executed, and answered late. */
  | { kind: 'delay'; delayMs: number }
  /** Executed, and answered only once a callback about it has been taken, or after `atMostMs`. */
  | { kind: 'early'; atMostMs: number }
  /** The connection breaks before the request is executed, or after it: the lost answer. */
  | { kind: 'drop-before' }
  | { kind: 'drop-after' };

/** A callback that goes wrong. `reorder` holds an event back until the call's next one is out, or for a second. */
export type CallbackFault = { kind: 'duplicate' } | { kind: 'delay'; delayMs: number } | { kind: 'reorder' } | { kind: 'drop' };

/** When a rule strikes: the nth time it applies (from 1), or with a probability. */
export type Strike = { nth: number } | { probability: number };

export type FaultRule =
  | { on: Operation; when: Strike; fault: RequestFault }
  /** `event` is the type without its prefix; every event when it is left out. */
  | { on: 'callback'; event?: string; when: Strike; fault: CallbackFault };

interface Armed {
  rule: FaultRule;
  applied: number;
}

/** Thrown to break the connection without an answer. */
export class DroppedConnection extends Error {
  override readonly name = 'DroppedConnection';
}

/**
 * Faults by rule, the same in every run for the same seed. The first rule that strikes wins. Counts what really went wrong: a fault counts once it had its
 * effect, so an answer that was to come after a callback which never came is none.
 */
export class FaultInjection {
  #armed: Armed[] = [];
  #random: SeededRandom = seededRandom('');
  readonly #struck = new Map<string, number>();

  constructor(rules: readonly FaultRule[] = [], seed = 'faults') {
    this.set(rules, seed);
  }

  /** Replaces all rules; what they apply to is counted anew. What has struck stays counted. */
  set(rules: readonly FaultRule[], seed = 'faults'): void {
    this.#armed = rules.map((rule) => ({ rule, applied: 0 }));
    this.#random = seededRandom(seed);
  }

  /** Faults that had their effect, as `createCall drop-after`, `createCall status 429` or `callback reorder`. */
  struck(): Record<string, number> {
    return Object.fromEntries(this.#struck);
  }

  /** To be called by who carries a callback's fault out, once it has had its effect. */
  countCallback(fault: CallbackFault): void {
    this.#count(`callback ${fault.kind}`);
  }

  /** Runs one operation with whatever goes wrong with it. `told` resolves to true when a callback about the answer has been taken within the time. */
  async run<T>(
    operation: Operation,
    execute: () => Promise<T>,
    told: (answer: T, atMostMs: number) => Promise<boolean> = () => Promise.resolve(false),
  ): Promise<T> {
    const fault = this.#strike((rule) => (rule.on === operation ? rule.fault : null));
    if (fault === null) return execute();
    const name = `${operation} ${fault.kind === 'status' ? `status ${fault.status}` : fault.kind}`;
    if (fault.kind !== 'early' && !isAfterwards(fault)) this.#count(name);
    if (fault.kind === 'status' && !fault.executed) throw statusError(fault);
    if (fault.kind === 'drop-before') throw new DroppedConnection();
    const answer = await execute();
    if (isAfterwards(fault) || (fault.kind === 'early' && (await told(answer, fault.atMostMs)))) this.#count(name);
    if (fault.kind === 'status') throw statusError(fault);
    if (fault.kind === 'drop-after') throw new DroppedConnection();
    if (fault.kind === 'delay') await delay(fault.delayMs, undefined, { ref: false });
    return answer;
  }

  onCallback(event: string): CallbackFault | null {
    return this.#strike((rule) => (rule.on === 'callback' && (rule.event ?? event) === event ? rule.fault : null));
  }

  #count(name: string): void {
    this.#struck.set(name, (this.#struck.get(name) ?? 0) + 1);
  }

  /** `faultOf` says which fault a rule holds for the case in hand, null when the rule is about something else. */
  #strike<Fault>(faultOf: (rule: FaultRule) => Fault | null): Fault | null {
    for (const armed of this.#armed) {
      const fault = faultOf(armed.rule);
      if (fault === null) continue;
      armed.applied++;
      const { when } = armed.rule;
      if ('nth' in when ? armed.applied === when.nth : this.#random.chance(when.probability)) return fault;
    }
    return null;
  }
}

/** Needs the request to have been carried out: one that was refused on its own merits is no fault of ours. */
function isAfterwards(fault: RequestFault): boolean {
  return fault.kind === 'drop-after' || fault.kind === 'delay' || (fault.kind === 'status' && fault.executed === true);
}

function statusError({ status, code = '9999', retryAfterS }: { status: number; code?: string; retryAfterS?: number }): AcsError {
  return new AcsError(status, code, 'A fault that was asked for.', retryAfterS === undefined ? {} : { 'Retry-After': String(retryAfterS) });
}
