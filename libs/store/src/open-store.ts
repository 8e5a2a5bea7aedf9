import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client.js';

/** One pool under both Prisma and raw SQL. Repositories take it (or a transaction of it) as their first argument. */
export interface Store {
  prisma: PrismaClient;
  pool: pg.Pool;
  close(): Promise<void>;
}

/** A process that is frozen in the midst of a transaction must not keep its locks: the schedule's lead is one. */
const IDLE_IN_TRANSACTION_MS = 10_000;

export function openStore(databaseUrl: string, options: { maxConnections?: number } = {}): Store {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: 10_000,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
  });
  // An idle connection that Postgres drops must not end the process: the next query gets a fresh one or its own error.
  pool.on('error', () => undefined);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  const close = async () => {
    await prisma.$disconnect();
    await pool.end();
  };
  return { prisma, pool, close };
}
