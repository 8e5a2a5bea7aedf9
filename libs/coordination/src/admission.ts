import type { Redis } from 'ioredis';
import type { Keys } from './keys.js';

/** Room comes free whenever a call ends: a full scope is worth another look after this. */
const FULL_RETRY_MS = 1_000;
/** Calls that one run of the rebuild script writes: some ten milliseconds, in which Redis does nothing else. */
const REBUILD_PAGE = 500;

/** Where calls are limited: an account, tenant, campaign, caller number or country, named by `scopeKeys`. */
export interface AdmissionScope {
  key: string;
  /** Calls at a time, from admission to release. Null for any number. */
  maxConcurrent: number | null;
  /** Between two calls. Null for no limit of the rate. */
  intervalMs: number | null;
  /** Calls that may start at once after a pause, 1 by default; carriers reject bursts. */
  burst?: number;
}

export interface AdmissionRequest {
  callId: string;
  /** How long the place is kept for a call that nobody releases: as long as the call may ring and last, and a margin. */
  leaseMs: number;
  /** Up to which an instant for the call may lie ahead; one that is further off is refused. */
  maxWaitMs: number;
  /** Calls admitted per slot of the fleet: 1 for progressive pacing, more where not every phone is picked up. */
  overdial: number;
  scopes: readonly AdmissionScope[];
}

export type AdmissionAnswer =
  /** The call may be sent after `waitMs`, under this epoch. `again`: it had been admitted before, and keeps the instant that it was given then. */
  | { answer: 'admitted'; waitMs: number; epoch: number; again: boolean }
  | AdmissionRefusal
  /** Redis was lost, or is another server: nobody is admitted until `rebuild`. */
  | { answer: 'no_epoch' };

/** Nothing was changed. */
export interface AdmissionRefusal {
  answer: 'refused';
  /** `full`: too many calls at a time. `too_fast`: the next instant of the rate is beyond the longest wait. `held`: see {@link Admission.hold}. */
  reason: 'full' | 'too_fast' | 'held';
  /** Key of the scope that refused, or `fleet`: no room on the media workers. */
  scope: string;
  /** Not before this is another try of use. */
  retryAfterMs: number;
  /** Why the scope is held. */
  holdReason?: string;
}

/** A call that is open by Postgres, for a rebuild. */
export interface OpenCall {
  callId: string;
  leaseMs: number;
  scopes: readonly string[];
}

/** The fleet stands at the new epoch; or not, since Redis knows of a higher one or was lost again midway (`standsAt` null): raise the epoch and begin anew. */
export type RebuildAnswer = { rebuilt: true } | { rebuilt: false; standsAt: number | null };

export interface ScopeHold {
  restMs: number;
  reason: string;
}

/** Decides, on Redis' own clock and all limits at once, which call may be sent when. Leases end by themselves; caps are in Postgres. */
export interface Admission {
  /** Idempotent by call id: a second run extends the leases and takes no second token. */
  admit(request: AdmissionRequest): Promise<AdmissionAnswer>;
  /** Extends all leases of the call. False when it is not admitted any more. */
  renew(callId: string, leaseMs: number): Promise<boolean>;
  /** Frees slot and scopes, but gives no token back. False when the call was not admitted. */
  release(callId: string): Promise<boolean>;
  /** Admits nobody in the scope for so long: Retry-After, a breaker. Of several holds the longest counts; answers for how long it holds. Never put a person in `reason`. */
  hold(scopeKey: string, holdMs: number, reason: string): Promise<number>;
  /** Those of the scopes that are held. */
  held(scopeKeys: readonly string[]): Promise<Map<string, ScopeHold>>;
  /** Calls at a time, for each of the scopes. */
  usage(scopeKeys: readonly string[]): Promise<Map<string, number>>;
  /** Null: nobody is admitted until `rebuild`. */
  epoch(): Promise<number | null>;
  /**
   * Opens a new epoch, higher than any before, with the leases of these calls and no others. Raise the epoch in Postgres first, then read the calls: what was admitted
   * under an older one cannot be sent any more. From the first page to the last nobody is admitted. Rates begin anew, as bursts are 1 by default.
   */
  rebuild(fleet: { epoch: number; calls: readonly OpenCall[] }): Promise<RebuildAnswer>;
}

export function createAdmission(redis: Redis, keys: Keys): Admission {
  const { epoch: epochKey, leases, scopes: scopesKey, mediaWorkers, mediaWorkerSlots } = keys;
  const readScopes = async (scopes: readonly string[]) =>
    scopes.length === 0
      ? []
      : (await redis.readScopes(epochKey, leases, scopesKey, ...scopes)).map((state, i) => ({ key: scopes[i] ?? '', state }));
  return {
    async admit(request) {
      const reply = await redis.admitCall(epochKey, leases, scopesKey, mediaWorkers, mediaWorkerSlots, ...argumentsOf(request));
      switch (reply[0]) {
        case 'no_epoch':
          return { answer: 'no_epoch' };
        case 'admitted':
        case 'again':
          return { answer: 'admitted', waitMs: reply[1], epoch: reply[2], again: reply[0] === 'again' };
        default:
          return refusalOf(request, reply);
      }
    },
    renew: async (callId, leaseMs) => (await redis.renewCall(epochKey, leases, callId, leaseMs)) === 1,
    release: async (callId) => (await redis.releaseCall(epochKey, leases, callId)) === 1,
    hold: (scopeKey, holdMs, reason) => redis.holdScope(scopesKey + scopeKey, Math.ceil(holdMs), reason),
    async held(scopes) {
      const states = await readScopes(scopes);
      return new Map(states.filter(({ state }) => state[1] > 0).map(({ key, state: [, restMs, reason] }) => [key, { restMs, reason }]));
    },
    usage: async (scopes) => new Map((await readScopes(scopes)).map(({ key, state: [inUse] }) => [key, inUse])),
    epoch: () => redis.readEpoch(epochKey),
    async rebuild({ epoch, calls }) {
      for (let from = 0; from === 0 || from < calls.length; from += REBUILD_PAGE) {
        const page = JSON.stringify(calls.slice(from, from + REBUILD_PAGE));
        const last = from + REBUILD_PAGE >= calls.length;
        const [written, standsAt] = await redis.rebuildFleet(epochKey, leases, epoch, from === 0 ? 1 : 0, last ? 1 : 0, page);
        if (!written) return { rebuilt: false, standsAt: standsAt || null };
      }
      return { rebuilt: true };
    },
  };
}

function argumentsOf({ callId, leaseMs, maxWaitMs, overdial, scopes }: AdmissionRequest): (string | number)[] {
  const limits = scopes.flatMap(({ key, maxConcurrent, intervalMs, burst }) => [key, maxConcurrent ?? -1, intervalMs ?? 0, burst ?? 1]);
  return [callId, Math.ceil(leaseMs), Math.floor(maxWaitMs), overdial, ...limits];
}

type Refusal = ['full' | 'too_fast' | 'held', number, number?, string?];

function refusalOf({ scopes }: AdmissionRequest, [reason, index, retryAfterMs, holdReason]: Refusal): AdmissionRefusal {
  const scope = scopes[index - 1]?.key ?? 'fleet';
  return { answer: 'refused', reason, scope, retryAfterMs: retryAfterMs ?? FULL_RETRY_MS, ...(holdReason ? { holdReason } : {}) };
}
