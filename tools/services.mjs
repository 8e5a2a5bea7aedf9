import pg from 'pg';
import { claimDirectory } from './claim-directory.mjs';
import { applyMigrations } from './migrate.mjs';
import { startPostgres } from './postgres.mjs';
import { startRedis } from './redis.mjs';

/** Settings for data that nobody will miss: a crash may lose it, in exchange every commit is quick. */
export const THROWAWAY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * Postgres and Redis, each embedded unless its URL is in `env`: `{ env, embedded, stop }`, where `env` holds DATABASE_URL and REDIS_URL. Stops what
 * it started when a later part fails.
 */
export async function startServices({ env = process.env, dir, settings = {} }) {
  const started = [];
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const stop = async () => {
    for (const service of started.splice(0).reverse()) await service.stop();
    for (const signal of signals) process.off(signal, onSignal);
  };
  // While a command runs under run-under.mjs the signal is its business, and we stop after it.
  const onSignal = (signal) => {
    if (process.listenerCount(signal) === 1) stop().finally(() => process.exit(130));
  };
  for (const signal of signals) process.on(signal, onSignal);
  const begin = async (name, start) => {
    if (env[name]) return env[name];
    const service = await start();
    started.push(service);
    return service.url;
  };
  try {
    const DATABASE_URL = await begin('DATABASE_URL', () => claimedPostgres(dir, settings));
    const REDIS_URL = await begin('REDIS_URL', () => startRedis());
    return { env: { ...env, DATABASE_URL, REDIS_URL }, embedded: { postgres: !env.DATABASE_URL, redis: !env.REDIS_URL }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function claimedPostgres(base, settings) {
  const { dir, release } = await claimDirectory(base);
  try {
    const service = await startPostgres({ dir, settings: { max_connections: 300, ...settings } });
    return { url: service.url, stop: () => service.stop().then(release) };
  } catch (error) {
    await release();
    throw error;
  }
}

/** An empty, migrated database of that name; one that was there is dropped. Answers its URL. */
export async function freshDatabase(serverUrl, name) {
  const admin = new pg.Client(serverUrl);
  await admin.connect();
  try {
    await admin.query(`DROP DATABASE IF EXISTS ${admin.escapeIdentifier(name)} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${admin.escapeIdentifier(name)}`);
  } finally {
    await admin.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await applyMigrations(url.href, 'prisma/migrations');
  return url.href;
}
