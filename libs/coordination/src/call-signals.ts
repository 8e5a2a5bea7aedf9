import type { Redis } from 'ioredis';
import type { Keys } from './keys.js';

export interface SignalledCall {
  tenantId: string;
  callId: string;
}

/** Its phone is about to ring, and its context lies ready; the carrier will not put its person through to somebody. */
export type CallSignal = 'ringing' | 'transferFailed';

/** What dialers tell all media workers about one call. A signal may be missed, or come twice. */
export interface CallSignals {
  /** Waits for nobody; what cannot be published is reported and dropped. */
  publish(signal: CallSignal, call: SignalledCall): void;
  /** Resolves when Redis has taken the subscription, which lasts until `close`. */
  subscribe(signal: CallSignal, listener: (call: SignalledCall) => void): Promise<void>;
  close(): void;
}

export interface CallSignalsOptions {
  redis: Redis;
  keys: Pick<Keys, 'callSignal'>;
  /** Opens a connection of its own for the subscriptions. Called at the first `subscribe`. */
  openSubscriber(): Redis;
  onError(error: Error): void;
}

export function createCallSignals({ redis, keys, openSubscriber, onError }: CallSignalsOptions): CallSignals {
  const listeners: { channel: string; listener: (call: SignalledCall) => void }[] = [];
  let subscriber: Redis | undefined;
  const connect = () => {
    const connection = openSubscriber();
    connection.on('message', (heardOn, json: string) => {
      const call = JSON.parse(json) as SignalledCall;
      for (const { channel, listener } of listeners) if (channel === heardOn) listener(call);
    });
    return connection;
  };
  return {
    publish(signal, { tenantId, callId }) {
      redis.publish(keys.callSignal[signal], JSON.stringify({ tenantId, callId } satisfies SignalledCall)).catch(onError);
    },
    async subscribe(signal, listener) {
      const channel = keys.callSignal[signal];
      listeners.push({ channel, listener });
      subscriber ??= connect();
      await subscriber.subscribe(channel);
    },
    close() {
      listeners.length = 0;
      subscriber?.disconnect();
    },
  };
}
