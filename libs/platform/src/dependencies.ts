import type { CarillonConfig } from './config/carillon-config.js';
import type { Health } from './health.js';
import { within } from './health.js';

export type DependencyName = 'postgres' | 'redis';

/** A connection of its own for health probes, so that a busy pool does not make the process look sick. */
interface Dependency {
  name: DependencyName;
  probe(): Promise<void>;
  /** What the connection last complained of, where the probe itself only waits. */
  trouble?(): string | undefined;
  close(): Promise<void>;
}

export interface Dependencies {
  close(): Promise<void>;
}

/** A database that is just starting gets this long before the process gives up. */
const START_PATIENCE_MS = 10_000;
const RETRY_MS = 250;

/**
 * Connects to what the service needs, waits until it answers, and adds it to the health checks.
 * @throws {Error} naming the dependency and what to do when it does not answer in time
 */
export async function openDependencies(
  needs: readonly DependencyName[],
  config: CarillonConfig,
  health: Health,
  patienceMs = START_PATIENCE_MS,
): Promise<Dependencies> {
  const opened: Dependency[] = [];
  const close = async () => void (await Promise.allSettled(opened.map((dependency) => dependency.close())));
  try {
    for (const name of needs) {
      const dependency = await open(name, config);
      opened.push(dependency);
      await untilItAnswers(dependency, patienceMs);
      health.check(name, () => dependency.probe());
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

async function untilItAnswers(dependency: Dependency, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const failure = await attempt(dependency, deadline - performance.now());
    if (failure === null) return;
    if (performance.now() + RETRY_MS >= deadline) throw new Error(unreachable(dependency.name, failure));
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function attempt(dependency: Dependency, timeoutMs: number): Promise<string | null> {
  try {
    return (await within(timeoutMs, dependency.probe())) ? null : (dependency.trouble?.() ?? 'no answer in time');
  } catch (error) {
    return error instanceof Error ? error.message || error.name : String(error);
  }
}

function unreachable(name: DependencyName, reason: string): string {
  const key = name === 'postgres' ? 'DATABASE_URL' : 'REDIS_URL';
  return `${name} cannot be reached (${reason}). Start it, or point ${key} to one that runs.`;
}

function open(name: DependencyName, config: CarillonConfig): Promise<Dependency> {
  return name === 'postgres' ? openPostgres(config.database.url) : openRedis(config.redis.url);
}

// Both drivers are imported here and not at the top: they must load after telemetry has started (telemetry.ts).

async function openPostgres(url: string): Promise<Dependency> {
  const { openStore } = await import('@carillon/store');
  const store = openStore(url, { maxConnections: 1 });
  return { name: 'postgres', probe: async () => void (await store.pool.query('SELECT 1')), close: () => store.close() };
}

/** Left to itself ioredis would hold the process for two seconds after it was told to disconnect. */
const DISCONNECT_TIMEOUT_MS = 100;

async function openRedis(url: string): Promise<Dependency> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: 5_000, disconnectTimeout: DISCONNECT_TIMEOUT_MS });
  let trouble: string | undefined;
  // A command waits for the connection to come back: why it is gone is only told here.
  redis.on('error', (error: Error) => (trouble = error.message));
  return {
    name: 'redis',
    probe: async () => void (await redis.ping()),
    trouble: () => trouble,
    close: async () => redis.disconnect(),
  };
}
