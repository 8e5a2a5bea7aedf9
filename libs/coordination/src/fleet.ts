import type { Redis } from 'ioredis';
import type { Keys } from './keys.js';

/** A media worker announces itself this often… */
export const MEDIA_HEARTBEAT_MS = 2_000;
/** …and counts as gone after three missed beats. */
export const MEDIA_HEARTBEAT_EXPIRY_MS = 6_000;
/** Only that it could be written matters. */
const LOOK_EXPIRY_MS = 60_000;
/** Calls read at once when all held slots are walked through. */
const PAGE = 500;

export interface SlotCount {
  /** Sum of what the live media workers take. */
  capacity: number;
  held: number;
  /** Never negative, though workers may have gone while calls held their slots. None while there is no valid epoch. */
  free: number;
}

/** A media worker as others see it, who pass calls on to it that they have no room for. */
export interface WorkerPeer {
  /** Base URL inside the installation. */
  url: string;
  /** Calls that it can take besides those it holds, when it last said so. */
  room: number;
}

/** The media workers and the room on them. A slot is a lease by call id, which a call takes and frees with its admission (see `Admission`). */
export interface Fleet {
  /**
   * Heartbeat. A draining worker announces as many slots as it still has calls, and so adds no room. Without `peer` it is passed no calls. `workerId` names its place in
   * the fleet, `holderId` the process, as the owner of its calls is named: one that starts again in the same place does not hold what the one before it held.
   */
  announce(worker: { workerId: string; slots: number; peer?: WorkerPeer | undefined; holderId?: string | undefined }): Promise<void>;
  withdraw(workerId: string): Promise<void>;
  /** Workers that take calls from others. One that has just died may still be among them. */
  peers(): Promise<(WorkerPeer & { workerId: string })[]>;
  countSlots(): Promise<SlotCount>;
  /**
   * Everyone who held calls within a day, with the instant of their last heartbeat (ms, by the clock of Redis). Whoever is missing may live: Redis may have been lost. An older instant
   * than before is no sign of anything either, but of an older copy of Redis. Throws where Redis takes no writes, and so no heartbeats.
   */
  lastHeartbeats(): Promise<Map<string, number>>;
  /** Calls that hold a slot, in pages. */
  heldCalls(): AsyncGenerator<string[]>;
}

export function createFleet(redis: Redis, keys: Keys): Fleet {
  const { mediaWorkers, mediaWorkerSlots, mediaWorkerPeers, callHolders, fleetLook } = keys;
  return {
    async announce({ workerId, slots, peer, holderId = '' }) {
      const content = peer ? JSON.stringify(peer) : '';
      const beat = [workerId, slots, MEDIA_HEARTBEAT_EXPIRY_MS, content, holderId] as const;
      await redis.announceWorker(mediaWorkers, mediaWorkerSlots, mediaWorkerPeers, callHolders, ...beat);
    },
    async withdraw(workerId) {
      await redis.multi().zrem(mediaWorkers, workerId).hdel(mediaWorkerSlots, workerId).hdel(mediaWorkerPeers, workerId).exec();
    },
    async peers() {
      const peers = await redis.hgetall(mediaWorkerPeers);
      return Object.entries(peers).map(([workerId, content]) => ({ workerId, ...(JSON.parse(content) as WorkerPeer) }));
    },
    async countSlots() {
      const [capacity, held] = await redis.countSlots(keys.epoch, keys.leases, mediaWorkers, mediaWorkerSlots);
      // Without an epoch nobody knows what is held, so nothing is free.
      return held < 0 ? { capacity, held: 0, free: 0 } : { capacity, held, free: Math.max(0, capacity - held) };
    },
    async lastHeartbeats() {
      await redis.set(fleetLook, '', 'PX', LOOK_EXPIRY_MS); // a Redis that is full, or read only, hears no heartbeat and still answers what it knew
      const flat = await redis.zrange(callHolders, '0', '-1', 'WITHSCORES'); // member, score, member, score…
      return new Map(flat.flatMap((holder, i) => (i % 2 === 0 ? [[holder, Number(flat[i + 1])] as const] : [])));
    },
    async *heldCalls() {
      const epoch = await redis.hget(keys.epoch, 'epoch');
      if (epoch !== null) yield* pagesOf(redis, keys.slots(Number(epoch)));
    },
  };
}

async function* pagesOf(redis: Redis, key: string): AsyncGenerator<string[]> {
  let cursor = '0';
  do {
    const [next, flat] = await redis.zscan(key, cursor, 'COUNT', PAGE);
    cursor = next;
    yield flat.filter((_, i) => i % 2 === 0); // member, score, member, score…
  } while (cursor !== '0');
}
