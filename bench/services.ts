/** tools/services.mjs, which has no types. */
interface ServiceTools {
  startServices(options: { dir: string }): Promise<Services>;
  freshDatabase(serverUrl: string, name: string): Promise<string>;
}

interface Services {
  env: Record<string, string | undefined> & { DATABASE_URL: string; REDIS_URL: string };
  stop(): Promise<void>;
}

export interface BenchServices {
  /** Of this process, with the URLs of both. */
  env: Record<string, string | undefined>;
  databaseUrl: string;
  redisUrl: string;
  stop(): Promise<void>;
}

/** Postgres and Redis for one bench, on an empty database, with the settings of the demo: every commit reaches the disk. */
export async function startBenchServices(database: string): Promise<BenchServices> {
  const tools = (await import(new URL('../../tools/services.mjs', import.meta.url).href)) as ServiceTools;
  const services = await tools.startServices({ dir: '.cache/postgres-bench' });
  const databaseUrl = await tools.freshDatabase(services.env.DATABASE_URL, database);
  return { env: { ...services.env, DATABASE_URL: databaseUrl }, databaseUrl, redisUrl: services.env.REDIS_URL, stop: services.stop };
}
