import type { LiveEvent } from '@carillon/contracts';
import type { Redis } from 'ioredis';
import type { Keys } from './keys.js';

export type LiveListener = (event: LiveEvent) => void;

/** Events for screens. Nothing is decided by them: one that cannot be published is reported and dropped, never an error of the call. */
export interface LiveChannel {
  publish(event: LiveEvent): Promise<void>;
  /** Resolves when Redis has taken the subscription; answers the function that ends it. */
  subscribe(tenantId: string, listener: LiveListener): Promise<() => Promise<void>>;
  close(): void;
}

export interface LiveChannelOptions {
  redis: Redis;
  keys: Keys;
  /** Opens a connection of its own for the subscriptions: Redis allows nothing else on it. Called at the first `subscribe`. */
  openSubscriber(): Redis;
  onError(error: Error): void;
}

export function createLiveChannel({ redis, keys, openSubscriber, onError }: LiveChannelOptions): LiveChannel {
  const listeners = new Map<string, Set<LiveListener>>();
  let subscriber: Redis | undefined;

  const connect = () => {
    const connection = openSubscriber();
    connection.on('message', (channel: string, json: string) => {
      const event = JSON.parse(json) as LiveEvent;
      for (const listener of listeners.get(channel) ?? []) listener(event);
    });
    return connection;
  };

  const unsubscribe = async (channel: string, listener: LiveListener) => {
    const audience = listeners.get(channel);
    if (!audience?.delete(listener) || audience.size > 0) return;
    listeners.delete(channel);
    await subscriber?.unsubscribe(channel);
  };

  return {
    async publish(event) {
      await redis.publish(keys.live(event.tenantId), JSON.stringify(event)).catch(onError);
    },
    async subscribe(tenantId, listener) {
      const channel = keys.live(tenantId);
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener));
      subscriber ??= connect();
      await subscriber.subscribe(channel);
      return () => unsubscribe(channel, listener);
    },
    close() {
      listeners.clear();
      subscriber?.disconnect();
    },
  };
}
