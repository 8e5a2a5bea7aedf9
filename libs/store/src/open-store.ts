import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client.js';

/** One pool under both Prisma and raw SQL. Repositories take it (or a transaction of it) as their first argument. */
export interface Store {
  prisma: PrismaClient;
  pool: pg.Pool;
  /** For imports and dry runs: files that come slowly, and statements that take long, keep no connection from anybody else. */
  bulkPool: pg.Pool;
  close(): Promise<void>;
}

/** A process that is frozen in the midst of a transaction must not keep its locks: the schedule's lead is one. */
const IDLE_IN_TRANSACTION_MS = 10_000;
/**
 * A prepared statement keeps the plan of its first minutes, when `in_flight` is empty and a sequential scan of it costs nothing; with ten thousand open calls that same plan takes
 * most of a core. Planning anew for each statement costs a tenth of what it saves.
 */
const PLAN_EACH_TIME = '-c plan_cache_mode=force_custom_plan';

/** The longest statements count or end the contacts of a campaign, some seconds for millions of them. Whatever takes longer waits for a lock that nobody gives up. */
const STATEMENT_TIMEOUT_MS = 60_000;
/** A server that answers no more, not even that a statement was given up: the connection is lost. */
const QUERY_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 15_000;
/** A block of an import is stored in a second, and waits for those of other uploads to its campaign; the last statement of one may end millions of contacts. */
const BULK_STATEMENT_TIMEOUT_MS = 600_000;
/** Six imports and two dry runs at a time in one process (apps/api, upload-room). They open no connection before they need one. */
const BULK_CONNECTIONS = 8;

export function openStore(databaseUrl: string, options: { maxConnections?: number } = {}): Store {
  const shared = {
    connectionString: databaseUrl,
    connectionTimeoutMillis: 10_000,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    options: PLAN_EACH_TIME,
  };
  const max = options.maxConnections ?? 10;
  const pool = new pg.Pool({ ...shared, max, statement_timeout: STATEMENT_TIMEOUT_MS, query_timeout: QUERY_TIMEOUT_MS });
  const bulkPool = new pg.Pool({ ...shared, max: BULK_CONNECTIONS, statement_timeout: BULK_STATEMENT_TIMEOUT_MS });
  // An idle connection that Postgres drops must not end the process: the next query gets a fresh one or its own error.
  for (const each of [pool, bulkPool]) each.on('error', () => undefined);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  const close = async () => {
    await prisma.$disconnect();
    await Promise.all([pool.end(), bulkPool.end()]);
  };
  return { prisma, pool, bulkPool, close };
}
