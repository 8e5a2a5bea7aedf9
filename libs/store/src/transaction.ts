import type { Prisma } from './generated/client.js';
import type { Store } from './open-store.js';

/** The store, or a transaction of it: the first argument of every repository function. */
export interface Db {
  prisma: Prisma.TransactionClient;
}

/** An insert of a thousand rows takes tens of milliseconds; a transaction that is open this long waits for a lock. */
const TRANSACTION_TIMEOUT_MS = 15_000;

/** Runs the work in one transaction: all of it is stored, or nothing when it throws. */
export function inTransaction<Result>(store: Store, work: (transaction: Db) => Promise<Result>): Promise<Result> {
  return store.prisma.$transaction((prisma) => work({ prisma }), { timeout: TRANSACTION_TIMEOUT_MS, maxWait: TRANSACTION_TIMEOUT_MS });
}
