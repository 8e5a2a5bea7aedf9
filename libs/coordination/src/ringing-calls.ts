import type { Redis } from 'ioredis';
import type { Keys } from './keys.js';

/** A call whose phone is about to ring. Its context lies ready. */
export interface RingingCall {
  tenantId: string;
  callId: string;
  campaignId: string | null;
}

/** Tells media workers whom they may soon speak with. Who misses it only answers a little later. */
export interface RingingCalls {
  /** Waits for nobody; what cannot be published is reported and dropped. */
  publish(call: RingingCall): void;
  /** Resolves when Redis has taken the subscription, which lasts until `close`. */
  subscribe(listener: (call: RingingCall) => void): Promise<void>;
  close(): void;
}

export interface RingingCallsOptions {
  redis: Redis;
  keys: Pick<Keys, 'ringing'>;
  /** Opens a connection of its own for the subscription. Called at the first `subscribe`. */
  openSubscriber(): Redis;
  onError(error: Error): void;
}

export function createRingingCalls({ redis, keys, openSubscriber, onError }: RingingCallsOptions): RingingCalls {
  const listeners: ((call: RingingCall) => void)[] = [];
  let subscriber: Redis | undefined;
  const connect = () => {
    const connection = openSubscriber();
    connection.on('message', (_channel, json: string) => {
      const call = JSON.parse(json) as RingingCall;
      for (const listener of listeners) listener(call);
    });
    return connection;
  };
  return {
    publish({ tenantId, callId, campaignId }) {
      redis.publish(keys.ringing, JSON.stringify({ tenantId, callId, campaignId } satisfies RingingCall)).catch(onError);
    },
    async subscribe(listener) {
      listeners.push(listener);
      subscriber ??= connect();
      await subscriber.subscribe(keys.ringing);
    },
    close() {
      listeners.length = 0;
      subscriber?.disconnect();
    },
  };
}
