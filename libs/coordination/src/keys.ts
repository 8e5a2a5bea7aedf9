/** Keys of the whole fleet carry this in the place of a tenant. */
export const FLEET_TENANT = '_fleet';

/**
 * Every name we use in Redis. The tenant is the hash tag, so that a cluster keeps together what one script touches and may split the rest by
 * tenant. Admission looks at limits of the fleet and of a tenant in one script: all of it lies with the fleet.
 */
export interface Keys {
  /** Prefix of BullMQ's own keys. */
  queuePrefix: string;
  /**
   * Hash `{ epoch, run_id, rebuilding }`: under which epoch calls may be admitted, and on which run of the server that holds. Absent or of another run: leases may
   * be lost, nobody is admitted until a rebuild.
   */
  epoch: string;
  /**
   * First part of the names under an epoch, which only a script knows at its instant, so `lua/prelude.lua` builds them. They all expire with the last lease in them.
   * - `<leases>:<epoch>:slots`, sorted set: call id → end of its slot's lease;
   * - `<leases>:<epoch>:scope:<scope key>`, the same for each scope of {@link scopeKeys};
   * - `<leases>:<epoch>:call:<call id>`, hash `{ scopes, start_at }`: what the call was admitted with.
   */
  leases: string;
  slots(epoch: number): string;
  scopeLeases(epoch: number, scopeKey: string): string;
  /** First part of `<scopes><scope key>`, hash `{ rate, held_until, reason }`: rate and hold of a scope. Of no epoch: a hold outlives a failover. */
  scopes: string;
  /** Sorted set: media worker id → instant at which its last heartbeat expires. */
  mediaWorkers: string;
  /** Hash: media worker id → calls that it takes. */
  mediaWorkerSlots: string;
  /** Hash: media worker id → where other workers reach it, and how many more calls it takes now. */
  mediaWorkerPeers: string;
  /** Sorted set: holder of calls (a media worker's process, as `callOwner` names it) → instant of its last heartbeat. Stays when the worker has gone: that is how its end is known. */
  callHolders: string;
  /** Written before the heartbeats are read, to see that Redis takes writes; for a minute. */
  fleetLook: string;
  callContext(tenantId: string, callId: string): string;
  /** Hash: epoch and worker that own the call. */
  callOwner(tenantId: string, callId: string): string;
  /** Hash: what another worker needs to go on with the call, and the epoch that wrote it. */
  callSnapshot(tenantId: string, callId: string): string;
  /** There while a provider is to be left alone, and for so long. */
  circuit(provider: string): string;
  /** Channels of what media workers hear about calls. */
  callSignal: Readonly<Record<'ringing' | 'transferFailed', string>>;
  /** Channel of the tenant's live events. */
  live(tenantId: string): string;
}

/** `prefix` is `carillon`, but for tests, where each file has one of its own. */
export function createKeys(prefix = 'carillon'): Keys {
  const of = (tenantId: string, rest: string) => `${prefix}:{${tenantId}}${rest}`;
  const leases = of(FLEET_TENANT, ':leases');
  return {
    queuePrefix: of(FLEET_TENANT, ''),
    epoch: of(FLEET_TENANT, ':epoch'),
    leases,
    slots: (epoch) => `${leases}:${epoch}:slots`,
    scopeLeases: (epoch, scopeKey) => `${leases}:${epoch}:scope:${scopeKey}`,
    scopes: of(FLEET_TENANT, ':scope:'),
    mediaWorkers: of(FLEET_TENANT, ':media-workers'),
    mediaWorkerSlots: of(FLEET_TENANT, ':media-worker-slots'),
    mediaWorkerPeers: of(FLEET_TENANT, ':media-worker-peers'),
    callHolders: of(FLEET_TENANT, ':call-holders'),
    fleetLook: of(FLEET_TENANT, ':fleet-look'),
    callContext: (tenantId, callId) => of(tenantId, `:call:${callId}:context`),
    callOwner: (tenantId, callId) => of(tenantId, `:call:${callId}:owner`),
    callSnapshot: (tenantId, callId) => of(tenantId, `:call:${callId}:snapshot`),
    circuit: (provider) => of(FLEET_TENANT, `:circuit:${provider}`),
    callSignal: { ringing: of(FLEET_TENANT, ':ringing'), transferFailed: of(FLEET_TENANT, ':transfer-failed') },
    live: (tenantId) => of(tenantId, ':live'),
  };
}

/** Names of the scopes in which calls are limited and held. */
export const scopeKeys = {
  /** The account with the carrier. */
  account: (name: string) => `account:${name}`,
  tenant: (tenantId: string) => `tenant:${tenantId}`,
  campaign: (tenantId: string, campaignId: string) => `campaign:${tenantId}:${campaignId}`,
  callerNumber: (tenantId: string, phoneE164: string) => `number:${tenantId}:${phoneE164}`,
  /** Destination, ISO 3166 alpha-2. */
  country: (country: string) => `country:${country}`,
};
