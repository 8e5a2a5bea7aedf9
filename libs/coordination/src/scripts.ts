import { readFileSync } from 'node:fs';
import type { Result } from 'ioredis';

/** Lua files beside `src` and `dist`, and how many keys each takes. */
const SCRIPTS = {
  reserveSlot: { file: 'reserve-slot.lua', numberOfKeys: 3 },
  renewSlot: { file: 'renew-slot.lua', numberOfKeys: 1 },
  countSlots: { file: 'count-slots.lua', numberOfKeys: 3 },
  announceWorker: { file: 'announce-worker.lua', numberOfKeys: 2 },
  bindCall: { file: 'bind-call.lua', numberOfKeys: 1 },
};

declare module 'ioredis' {
  interface RedisCommander<Context> {
    reserveSlot(slots: string, workers: string, workerSlots: string, callId: string, leaseMs: number): Result<number, Context>;
    renewSlot(slots: string, callId: string, leaseMs: number): Result<number, Context>;
    countSlots(slots: string, workers: string, workerSlots: string): Result<[number, number], Context>;
    announceWorker(workers: string, workerSlots: string, workerId: string, slots: number, expiryMs: number): Result<number, Context>;
    bindCall(owner: string, workerId: string, expiryMs: number, knownEpoch: number): Result<number, Context>;
  }
}

/** The scripts as ioredis wants them; each connection sends them by hash and loads them again after a flush. */
export function loadScripts(): Record<string, { lua: string; numberOfKeys: number }> {
  const folder = new URL('../lua/', import.meta.url);
  const load = ({ file, numberOfKeys }: { file: string; numberOfKeys: number }) => ({
    lua: readFileSync(new URL(file, folder), 'utf8'),
    numberOfKeys,
  });
  return Object.fromEntries(Object.entries(SCRIPTS).map(([name, script]) => [name, load(script)]));
}
