import type { Redis } from 'ioredis';
import type { Keys } from './keys.js';

/**
 * Where processes tell each other which provider to leave alone, and for how long; the `BreakerBoard` of @carillon/providers. Redis keeps the
 * time: each key ends by itself, so that nobody has to take a word back that he did not live to.
 */
export interface CircuitBoard {
  /** How much longer, ms; 0: nobody says so. */
  get(provider: string): Promise<number>;
  /** The last word counts; 0 takes it back. */
  set(provider: string, openForMs: number): Promise<void>;
}

export function createCircuitBoard(redis: Redis, keys: Pick<Keys, 'circuit'>): CircuitBoard {
  return {
    get: async (provider) => Math.max(0, await redis.pttl(keys.circuit(provider))),
    async set(provider, openForMs) {
      if (openForMs > 0) await redis.set(keys.circuit(provider), 1, 'PX', Math.ceil(openForMs));
      else await redis.del(keys.circuit(provider));
    },
  };
}
