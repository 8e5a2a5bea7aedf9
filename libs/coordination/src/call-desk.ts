import type { CallContext } from '@carillon/contracts';
import type { Redis } from 'ioredis';
import type { CallSignals, SignalledCall } from './call-signals.js';
import type { Keys } from './keys.js';

interface CallName {
  tenantId: string;
  callId: string;
}

export interface CallOwner {
  epoch: number;
  workerId: string;
}

/** What lies ready for the media worker that gets the call's socket, and which worker that is. */
export interface CallDesk {
  /**
   * Written before the phone is dialed; media workers hear of it, so that they can make ready what the person will hear first. `expiryMs`: as
   * long as the call may ring and last, and a margin.
   */
  putContext(context: CallContext, expiryMs: number): Promise<void>;
  /** Null when it expired or Redis was lost: it can be rebuilt from Postgres. */
  getContext(call: CallName): Promise<CallContext | null>;
  dropContext(call: CallName): Promise<void>;
  /** Hears of every call whose context was put. Some may be missed; nothing is decided by it. */
  onRinging(listener: (call: SignalledCall) => void): Promise<void>;
  /** The carrier will not put the person through. Told to the worker that has the call, wherever it is; one that misses it has a deadline of its own. */
  tellTransferFailed(call: CallName): void;
  onTransferFailed(listener: (call: SignalledCall) => void): Promise<void>;
  /**
   * Makes `workerId` the owner and answers the new epoch, under which it writes. `knownEpoch` is `call.media_epoch` of Postgres: with it, a
   * lost Redis never hands out an epoch twice.
   */
  bind(call: CallName & { workerId: string; expiryMs: number; knownEpoch: number }): Promise<number>;
  owner(call: CallName): Promise<CallOwner | null>;
  /** In the same order. Null: nobody has had the call, or Redis was lost meanwhile. */
  owners(calls: readonly CallName[]): Promise<(CallOwner | null)[]>;
  /** What the next owner goes on with. False: a later epoch owns the call, and nothing was written. */
  keepSnapshot(owner: CallName & { epoch: number }, content: string, expiryMs: number): Promise<boolean>;
  getSnapshot(call: CallName): Promise<string | null>;
  /** The call is over. False as above. */
  dropSnapshot(owner: CallName & { epoch: number }): Promise<boolean>;
}

export function createCallDesk(redis: Redis, keys: Keys, signals: CallSignals): CallDesk {
  const contextKey = ({ tenantId, callId }: CallName) => keys.callContext(tenantId, callId);
  const ownerKey = ({ tenantId, callId }: CallName) => keys.callOwner(tenantId, callId);
  const snapshotKey = ({ tenantId, callId }: CallName) => keys.callSnapshot(tenantId, callId);
  const keep = async (owner: CallName & { epoch: number }, content: string, expiryMs: number) =>
    (await redis.keepSnapshot(ownerKey(owner), snapshotKey(owner), owner.epoch, expiryMs, content)) === 1;
  const owner = async (call: CallName): Promise<CallOwner | null> => {
    const { epoch, worker } = await redis.hgetall(ownerKey(call));
    return epoch === undefined || worker === undefined ? null : { epoch: Number(epoch), workerId: worker };
  };
  return {
    async putContext(context, expiryMs) {
      await redis.set(contextKey(context), JSON.stringify(context), 'PX', expiryMs);
      signals.publish('ringing', context);
    },
    async getContext(call) {
      const json = await redis.get(contextKey(call));
      return json === null ? null : (JSON.parse(json) as CallContext);
    },
    async dropContext(call) {
      await redis.del(contextKey(call));
    },
    onRinging: (listener) => signals.subscribe('ringing', listener),
    tellTransferFailed: (call) => signals.publish('transferFailed', call),
    onTransferFailed: (listener) => signals.subscribe('transferFailed', listener),
    bind: (call) => redis.bindCall(ownerKey(call), call.workerId, call.expiryMs, call.knownEpoch),
    owner,
    owners: (calls) => Promise.all(calls.map(owner)),
    keepSnapshot: keep,
    getSnapshot: (call) => redis.hget(snapshotKey(call), 'content'),
    dropSnapshot: (owner) => keep(owner, '', 0),
  };
}
