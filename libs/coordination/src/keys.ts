/** Keys of the whole fleet carry this in the place of a tenant. */
export const FLEET_TENANT = '_fleet';

/**
 * Every name we use in Redis. The tenant is the hash tag, so that a cluster keeps together what one script touches and may split the rest by
 * tenant.
 */
export interface Keys {
  /** Prefix of BullMQ's own keys. */
  queuePrefix: string;
  /** Sorted set: call id → end of its slot's lease. */
  slots: string;
  /** Sorted set: media worker id → instant at which its last heartbeat expires. */
  mediaWorkers: string;
  /** Hash: media worker id → calls that it takes. */
  mediaWorkerSlots: string;
  callContext(tenantId: string, callId: string): string;
  /** Hash: epoch and worker that own the call. */
  callOwner(tenantId: string, callId: string): string;
  /** Channel of the tenant's live events. */
  live(tenantId: string): string;
}

/** `prefix` is `carillon`, but for tests, where each file has one of its own. */
export function createKeys(prefix = 'carillon'): Keys {
  const of = (tenantId: string, rest: string) => `${prefix}:{${tenantId}}${rest}`;
  return {
    queuePrefix: of(FLEET_TENANT, ''),
    slots: of(FLEET_TENANT, ':slots'),
    mediaWorkers: of(FLEET_TENANT, ':media-workers'),
    mediaWorkerSlots: of(FLEET_TENANT, ':media-worker-slots'),
    callContext: (tenantId, callId) => of(tenantId, `:call:${callId}:context`),
    callOwner: (tenantId, callId) => of(tenantId, `:call:${callId}:owner`),
    live: (tenantId) => of(tenantId, ':live'),
  };
}
