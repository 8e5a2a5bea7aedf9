/** A campaign, or the part of it that shares a calling window, with what it holds and what it could use. */
export interface SlotSeeker {
  id: string;
  tenantId: string;
  /** Above 0; a campaign of weight 2 gets twice the slots of one of weight 1. */
  weight: number;
  /** Slots that its open calls hold (`slotsHeld`). */
  active: number;
  /** Further slots that it could use now. */
  wants: number;
  /** How many of these are for promised callbacks: only they may use the floor. */
  callbacks?: number;
  /** Of slots, for the whole campaign. */
  maxConcurrent: number;
  /** Until the calling window of what it wants to dial shuts; null when that is not in sight. */
  closesInMs?: number | null;
}

export interface TenantShare {
  /** Above 0. */
  weight: number;
  /** Of slots, for all campaigns of the tenant; null without a limit of its own. */
  maxConcurrent: number | null;
}

export interface SlotSharing {
  /** All campaigns with open calls, those that want nothing too: what they hold counts for their tenant. */
  seekers: readonly SlotSeeker[];
  /** Free slots of the fleet. */
  free: number;
  /** Free slots that are left for REST calls and promised callbacks. */
  floor?: number;
  /** Tenants that are missing have weight 1 and no limit. */
  tenants?: ReadonlyMap<string, TenantShare>;
}

const CLOSING_MS = 3_600_000;
/** At the last moment of its window a campaign counts three times: enough to finish what waits, too little to starve its neighbours. */
const CLOSING_BOOST = 2;

interface Candidate {
  id: string;
  weight: number;
  held: number;
  room: number;
  given: number;
}

interface Tenant {
  weight: number;
  held: number;
  maxConcurrent: number;
  candidates: Candidate[];
}

/**
 * Weighted least active share: each free slot goes to the tenant, and inside it to the campaign, whose slots per weight would be fewest with it (the first in
 * the list where they are equal). All calls cost one slot, so no deficits need be kept from tick to tick: who holds little catches up by itself, and nobody
 * with something to dial is passed over for ever. Inside its tenant a campaign whose window shuts within the hour counts up to three times as much, growing
 * evenly as the hour runs out; between tenants it does not, so that nobody gains by odd windows. The floor goes to what callbacks are still without a slot.
 * Campaigns that get nothing are left out.
 */
export function shareFreeSlots({ seekers, free, floor = 0, tenants }: SlotSharing): Map<string, number> {
  const groups = group(seekers, tenants ?? new Map<string, TenantShare>());
  const open = Math.max(0, Math.floor(free));
  const kept = Math.min(open, Math.max(0, Math.ceil(floor)));
  const left = hand(groups, open - kept);
  if (kept > 0) {
    const callbacks = new Map(seekers.map((seeker) => [seeker.id, seeker.callbacks ?? 0]));
    for (const candidate of groups.flatMap(({ candidates }) => candidates)) {
      candidate.room = Math.min(candidate.room, Math.max(0, (callbacks.get(candidate.id) ?? 0) - candidate.given));
    }
    hand(groups, left + kept);
  }
  const given = groups.flatMap(({ candidates }) => candidates).filter((candidate) => candidate.given > 0);
  return new Map(given.map((candidate) => [candidate.id, candidate.given]));
}

function group(seekers: readonly SlotSeeker[], shares: ReadonlyMap<string, TenantShare>): Tenant[] {
  const tenants = new Map<string, Tenant>();
  for (const seeker of seekers) {
    const { weight = 1, maxConcurrent = null } = shares.get(seeker.tenantId) ?? {};
    const tenant = tenants.get(seeker.tenantId) ?? { weight, held: 0, maxConcurrent: maxConcurrent ?? Infinity, candidates: [] };
    tenants.set(seeker.tenantId, tenant);
    tenant.held += seeker.active;
    tenant.candidates.push({
      id: seeker.id,
      weight: seeker.weight * closingBoost(seeker.closesInMs ?? null),
      held: seeker.active,
      room: Math.max(0, Math.min(Math.floor(seeker.wants), Math.floor(seeker.maxConcurrent) - seeker.active)),
      given: 0,
    });
  }
  return [...tenants.values()];
}

function closingBoost(closesInMs: number | null): number {
  if (closesInMs === null || closesInMs >= CLOSING_MS) return 1;
  return 1 + CLOSING_BOOST * (1 - Math.max(0, closesInMs) / CLOSING_MS);
}

/** Hands out slots one by one; answers how many nobody could use. */
function hand(tenants: readonly Tenant[], slots: number): number {
  for (let left = slots; left > 0; left--) {
    const tenant = least(tenants.filter((one) => one.held < one.maxConcurrent && one.candidates.some(hasRoom)));
    const next = tenant && least(tenant.candidates.filter(hasRoom));
    if (!next) return left;
    tenant.held++;
    next.held++;
    next.given++;
    next.room--;
  }
  return 0;
}

const hasRoom = ({ room }: Candidate) => room > 0;

function least<T extends { held: number; weight: number }>(all: readonly T[]): T | undefined {
  const share = ({ held, weight }: T) => (held + 1) / weight;
  return all.reduce<T | undefined>((found, one) => (found === undefined || share(one) < share(found) ? one : found), undefined);
}
