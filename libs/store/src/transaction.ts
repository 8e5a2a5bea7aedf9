import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Prisma } from './generated/client.js';
import type { Store } from './open-store.js';

/** The store, or a transaction of it: the first argument of every repository function. */
export interface Db {
  prisma: Prisma.TransactionClient;
  /** Only the store has it; in a transaction statements go its way. */
  pool?: pg.Pool;
}

/** An insert of a thousand rows takes tens of milliseconds; a transaction that is open this long waits for a lock. */
const TRANSACTION_TIMEOUT_MS = 15_000;

/** Runs the work in one transaction: all of it is stored, or nothing when it throws. */
export function inTransaction<Result>(store: Store, work: (transaction: Db) => Promise<Result>): Promise<Result> {
  return store.prisma.$transaction((prisma) => work({ prisma }), { timeout: TRANSACTION_TIMEOUT_MS, maxWait: TRANSACTION_TIMEOUT_MS });
}

/**
 * The rows of a statement. Outside a transaction it goes to the driver at once, prepared once per connection: on the way of a call, which takes a dozen statements, an ORM would
 * take most of the time. int8 comes as bigint, timestamptz and date (as midnight UTC) as Date, json as what it holds.
 */
export async function rowsOf<Row>({ prisma, pool }: Db, statement: Prisma.Sql): Promise<Row[]> {
  if (!pool) return prisma.$queryRaw<Row[]>(statement);
  const { text } = statement;
  const { rows } = await pool.query({ name: nameOf(text), text, values: statement.values as unknown[], types: TYPES });
  return rows as Row[];
}

const names = new Map<string, string>();

/** The same text has the same name on every connection; there are as many as there are places in the code. */
function nameOf(text: string): string {
  const known = names.get(text) ?? createHash('sha1').update(text).digest('hex');
  names.set(text, known);
  return known;
}

const { builtins } = pg.types;
type Parse = (value: string) => unknown;

const TYPES: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary'): Parse => {
    if (oid === Number(builtins.INT8)) return BigInt;
    if (oid === Number(builtins.DATE)) return (text) => new Date(`${text}T00:00:00Z`);
    return pg.types.getTypeParser(oid, format as 'text') as Parse;
  }) as pg.CustomTypesConfig['getTypeParser'],
};
