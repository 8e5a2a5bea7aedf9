// node tools/with-services.mjs <command…>: runs the command with DATABASE_URL and REDIS_URL set and a migrated template database
import { runUnder } from './run-under.mjs';
import { freshDatabase, startServices, THROWAWAY } from './services.mjs';

const services = await startServices({ dir: '.cache/postgres-test', settings: THROWAWAY });
try {
  await freshDatabase(services.env.DATABASE_URL, 'carillon_template');
  process.exitCode = await runUnder(process.argv[2], process.argv.slice(3), { env: services.env });
} finally {
  await services.stop();
}
