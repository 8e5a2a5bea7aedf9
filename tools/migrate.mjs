import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

const PRISMA_MIGRATE_LOCK = 72707369; // the advisory lock that `prisma migrate` takes

/** Applies prisma/migrations in order and keeps Prisma's own ledger, so that `prisma migrate status` agrees. */
export async function applyMigrations(connectionString, directory) {
  const db = new pg.Client({ connectionString });
  await db.connect();
  try {
    await db.query('SELECT pg_advisory_lock($1)', [PRISMA_MIGRATE_LOCK]);
    await db.query(`CREATE TABLE IF NOT EXISTS _prisma_migrations (
      id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
      migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
      started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`);
    const { rows } = await db.query('SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL');
    const ledger = new Map(rows.map((row) => [row.migration_name, row]));
    const applied = [];
    for (const name of await migrationNames(directory)) {
      const sql = await readFile(join(directory, name, 'migration.sql'), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      const known = ledger.get(name);
      if (known && !known.finished_at)
        throw new Error(`migration ${name} failed before: repair it, then mark it with "prisma migrate resolve"`);
      if (known && known.checksum !== checksum) throw new Error(`migration ${name} was edited after it was applied`);
      if (known) continue;
      await applyOne(db, name, sql, checksum);
      applied.push(name);
    }
    return applied;
  } finally {
    await db.end();
  }
}

async function migrationNames(directory) {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function applyOne(db, name, sql, checksum) {
  const id = randomUUID();
  await db.query('INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [id, checksum, name]);
  try {
    await db.query(sql); // one simple query: Postgres runs the whole file as one transaction
  } catch (error) {
    await db.query('UPDATE _prisma_migrations SET logs = $2 WHERE id = $1', [id, error.message]);
    throw new Error(`migration ${name}: ${error.message}`, { cause: error });
  }
  await db.query('UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1', [id]);
}
