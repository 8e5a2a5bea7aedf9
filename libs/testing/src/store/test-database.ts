import { randomBytes } from 'node:crypto';
import type { Store } from '@carillon/store';

/** What one test file works on: a database and a corner of Redis that nobody else has. */
export interface TestDatabase {
  store: Store;
  databaseUrl: string;
  redisUrl: string;
  /** First part of every Redis key of this file. */
  prefix: string;
  /** Deletes every key that begins so: to whoever only knows these it is the same as FLUSHALL. */
  forgetKeys(prefix: string): Promise<void>;
  /** Drops the database and forgets the keys. */
  close(): Promise<void>;
}

/** Made and migrated by `tools/with-services.mjs`. */
const TEMPLATE = 'carillon_template';

/**
 * A clone of the migrated template database (some 30 ms), and a key prefix. Needs DATABASE_URL and REDIS_URL: run the tests under
 * `node tools/with-services.mjs`.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  // Imported here: tests of pure logic also load this library, and should not pay for the drivers.
  const { openStore } = await import('@carillon/store');
  const serverUrl = serviceUrl('DATABASE_URL');
  const redisUrl = serviceUrl('REDIS_URL');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await run(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} STRATEGY file_copy`);
  const databaseUrl = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  const store = openStore(databaseUrl);
  const close = async () => {
    await store.close();
    await run(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    await forgetKeys(redisUrl, name);
  };
  return { store, databaseUrl, redisUrl, prefix: name, forgetKeys: (prefix) => forgetKeys(redisUrl, prefix), close };
}

function serviceUrl(name: 'DATABASE_URL' | 'REDIS_URL'): string {
  const url = process.env[name];
  if (!url) throw new Error(`${name} is not set: run the tests under "node tools/with-services.mjs"`);
  return url;
}

async function run(serverUrl: string, statement: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client(serverUrl);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function forgetKeys(redisUrl: string, prefix: string): Promise<void> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(redisUrl);
  try {
    for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 500 }) as AsyncIterable<string[]>) {
      if (keys.length > 0) await redis.del(...keys);
    }
  } finally {
    redis.disconnect();
  }
}
