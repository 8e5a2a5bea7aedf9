import type { Redis } from 'ioredis';
import type { Keys } from './keys.js';

/** A media worker announces itself this often… */
export const MEDIA_HEARTBEAT_MS = 2_000;
/** …and counts as gone after three missed beats. */
export const MEDIA_HEARTBEAT_EXPIRY_MS = 6_000;
/** Calls read at once when all held slots are walked through. */
const PAGE = 500;

export type SlotAnswer = 'reserved' | 'held' | 'full';

export interface SlotCount {
  /** Sum of what the live media workers take. */
  capacity: number;
  held: number;
  /** Never negative, though workers may have gone while calls held their slots. */
  free: number;
}

/** The media workers and the room on them. A slot is a lease by call id: who dies without releasing it frees it in the end. */
export interface Fleet {
  /** Heartbeat. A draining worker announces as many slots as it still has calls, and so adds no room. */
  announce(worker: { workerId: string; slots: number }): Promise<void>;
  withdraw(workerId: string): Promise<void>;
  /** Idempotent by call id; `full` when the fleet has no room or nobody knows of a fleet. */
  reserveSlot(callId: string, leaseMs: number): Promise<SlotAnswer>;
  /** False when the slot is not held any more. */
  renewSlot(callId: string, leaseMs: number): Promise<boolean>;
  /** False when it was not held. */
  releaseSlot(callId: string): Promise<boolean>;
  countSlots(): Promise<SlotCount>;
  /** Calls that hold a slot, in pages. */
  heldCalls(): AsyncGenerator<string[]>;
}

const SLOT_ANSWERS: Record<number, SlotAnswer> = { 0: 'full', 1: 'reserved', 2: 'held' };

export function createFleet(redis: Redis, keys: Keys): Fleet {
  const { slots, mediaWorkers, mediaWorkerSlots } = keys;
  return {
    async announce({ workerId, slots: taken }) {
      await redis.announceWorker(mediaWorkers, mediaWorkerSlots, workerId, taken, MEDIA_HEARTBEAT_EXPIRY_MS);
    },
    async withdraw(workerId) {
      await redis.multi().zrem(mediaWorkers, workerId).hdel(mediaWorkerSlots, workerId).exec();
    },
    async reserveSlot(callId, leaseMs) {
      return SLOT_ANSWERS[await redis.reserveSlot(slots, mediaWorkers, mediaWorkerSlots, callId, leaseMs)] ?? 'full';
    },
    async renewSlot(callId, leaseMs) {
      return (await redis.renewSlot(slots, callId, leaseMs)) === 1;
    },
    async releaseSlot(callId) {
      return (await redis.zrem(slots, callId)) === 1;
    },
    async countSlots() {
      const [capacity, held] = await redis.countSlots(slots, mediaWorkers, mediaWorkerSlots);
      return { capacity, held, free: Math.max(0, capacity - held) };
    },
    heldCalls: () => pagesOf(redis, slots),
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
