import type { CallContext } from '@carillon/contracts';
import type { Redis } from 'ioredis';
import type { Keys } from './keys.js';

interface CallName {
  tenantId: string;
  callId: string;
}

/** What lies ready for the media worker that gets the call's socket, and which worker that is. */
export interface CallDesk {
  /** Written before the phone is dialed. `expiryMs`: as long as the call may ring and last, and a margin. */
  putContext(context: CallContext, expiryMs: number): Promise<void>;
  /** Null when it expired or Redis was lost: it can be rebuilt from Postgres. */
  getContext(call: CallName): Promise<CallContext | null>;
  dropContext(call: CallName): Promise<void>;
  /**
   * Makes `workerId` the owner and answers the new epoch, under which it writes. `knownEpoch` is `call.media_epoch` of Postgres: with it, a
   * lost Redis never hands out an epoch twice.
   */
  bind(call: CallName & { workerId: string; expiryMs: number; knownEpoch: number }): Promise<number>;
  owner(call: CallName): Promise<{ epoch: number; workerId: string } | null>;
}

export function createCallDesk(redis: Redis, keys: Keys): CallDesk {
  const contextKey = ({ tenantId, callId }: CallName) => keys.callContext(tenantId, callId);
  const ownerKey = ({ tenantId, callId }: CallName) => keys.callOwner(tenantId, callId);
  return {
    async putContext(context, expiryMs) {
      await redis.set(contextKey(context), JSON.stringify(context), 'PX', expiryMs);
    },
    async getContext(call) {
      const json = await redis.get(contextKey(call));
      return json === null ? null : (JSON.parse(json) as CallContext);
    },
    async dropContext(call) {
      await redis.del(contextKey(call));
    },
    bind: (call) => redis.bindCall(ownerKey(call), call.workerId, call.expiryMs, call.knownEpoch),
    async owner(call) {
      const { epoch, worker } = await redis.hgetall(ownerKey(call));
      return epoch === undefined || worker === undefined ? null : { epoch: Number(epoch), workerId: worker };
    },
  };
}
