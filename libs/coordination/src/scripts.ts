import { readFileSync } from 'node:fs';
import type { Result } from 'ioredis';

/** Lua files beside `src` and `dist`, how many keys each takes, and whether `prelude.lua` stands before it. */
const SCRIPTS = {
  admitCall: { file: 'admit-call.lua', numberOfKeys: 5, prelude: true },
  renewCall: { file: 'renew-call.lua', numberOfKeys: 2, prelude: true },
  releaseCall: { file: 'release-call.lua', numberOfKeys: 2, prelude: true },
  countSlots: { file: 'count-slots.lua', numberOfKeys: 4, prelude: true },
  readEpoch: { file: 'read-epoch.lua', numberOfKeys: 1, prelude: true },
  rebuildFleet: { file: 'rebuild-fleet.lua', numberOfKeys: 2, prelude: true },
  holdScope: { file: 'hold-scope.lua', numberOfKeys: 1, prelude: true },
  readScopes: { file: 'read-scopes.lua', numberOfKeys: 3, prelude: true },
  announceWorker: { file: 'announce-worker.lua', numberOfKeys: 4, prelude: false },
  bindCall: { file: 'bind-call.lua', numberOfKeys: 1, prelude: false },
  keepSnapshot: { file: 'keep-snapshot.lua', numberOfKeys: 2, prelude: false },
};

/** 1 for yes, as Lua is told and tells it. */
type Flag = 0 | 1;
/** As `admit-call.lua` says it; the second is the wait (ms) or the scope. */
type AdmitReply = ['admitted' | 'again', number, number] | ['no_epoch'] | ['full' | 'too_fast' | 'held', number, number?, string?];

declare module 'ioredis' {
  interface RedisCommander<Context> {
    admitCall(
      ...keysAndArguments: [epoch: string, leases: string, scopes: string, workers: string, workerSlots: string, ...(string | number)[]]
    ): Result<AdmitReply, Context>;
    renewCall(epoch: string, leases: string, callId: string, leaseMs: number): Result<Flag, Context>;
    releaseCall(epoch: string, leases: string, callId: string): Result<Flag, Context>;
    countSlots(epoch: string, leases: string, workers: string, workerSlots: string): Result<[number, number], Context>;
    readEpoch(epoch: string): Result<number | null, Context>;
    rebuildFleet(
      ...keysAndArguments: [epochKey: string, leases: string, epoch: number, first: Flag, last: Flag, calls: string]
    ): Result<[Flag, number], Context>;
    holdScope(scope: string, holdMs: number, reason: string): Result<number, Context>;
    readScopes(epoch: string, leases: string, scopes: string, ...scopeKeys: string[]): Result<[number, number, string][], Context>;
    announceWorker(
      ...keysAndArguments: [
        workers: string,
        workerSlots: string,
        peers: string,
        holders: string,
        workerId: string,
        slots: number,
        expiryMs: number,
        peer: string,
        holderId: string,
      ]
    ): Result<number, Context>;
    bindCall(owner: string, workerId: string, expiryMs: number, knownEpoch: number): Result<number, Context>;
    keepSnapshot(owner: string, snapshot: string, epoch: number, expiryMs: number, content: string): Result<Flag, Context>;
  }
}

/** The scripts as ioredis wants them; each connection sends them by hash and loads them again after a flush. */
export function loadScripts(): Record<string, { lua: string; numberOfKeys: number }> {
  const folder = new URL('../lua/', import.meta.url);
  const read = (file: string) => readFileSync(new URL(file, folder), 'utf8');
  const shared = read('prelude.lua');
  return Object.fromEntries(
    Object.entries(SCRIPTS).map(([name, { file, numberOfKeys, prelude }]) => [
      name,
      { lua: prelude ? `${shared}\n${read(file)}` : read(file), numberOfKeys },
    ]),
  );
}
