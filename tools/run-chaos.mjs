// npm run chaos -- [--contacts 1000] [--seed 7] [--minutes 14] [--quick]: builds, starts a Postgres and a Redis of its own, and runs e2e/chaos.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { build, step } from './build.mjs';
import { claimDirectory } from './claim-directory.mjs';
import { freePort, startPostgres } from './postgres.mjs';
import { startRedis } from './redis.mjs';
import { freshDatabase } from './services.mjs';
import { fetchSpeechEngines } from './speech-engines.mjs';
import { tied } from './tied.mjs';

const USAGE = `npm run chaos -- [--contacts 1000] [--seed 7] [--minutes 14] [--quick]

  --contacts  rows of the two campaigns
  --seed      the same people, habits, faults and attacks for the same seed; what meets what still differs from run to run
  --minutes   when the run is judged at the latest
  --quick     attacks at shorter intervals, for a few contacts
  --built     do not build first
  --break     run the engine broken in one place, to try the referee: a file of e2e/chaos/broken-engines
  --failpoints  what dialers are armed with instead of their own (FAILPOINTS)
`;

const log = (message) => process.stderr.write(`${new Date().toISOString().slice(11, 19)}  ${message}\n`);

/** Commits survive a crash of Postgres, which is what a run does to it. A crash of the machine is not tried, so nothing waits for the disk. */
const SETTINGS = { max_connections: 200, fsync: 'off', full_page_writes: 'off', synchronous_commit: 'on' };

const { values } = parseArgs({
  options: {
    contacts: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '7' },
    minutes: { type: 'string', default: '14' },
    quick: { type: 'boolean', default: false },
    built: { type: 'boolean', default: false },
    break: { type: 'string' },
    failpoints: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help || !(Number(values.contacts) >= 20) || !(Number(values.minutes) > 0)) {
  process.stderr.write(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  process.exitCode = await chaos().catch((error) => {
    log(error.stack);
    return 1;
  });
}

async function chaos() {
  if (!values.built) {
    build();
    step('tsc -b e2e/chaos', 'tsc', ['-b', 'e2e/chaos']);
  }
  const speech = await fetchSpeechEngines({ dir: '.cache/speech' });
  const { dir, release } = await claimDirectory('.cache/postgres-chaos');
  const postgres = await backingService((port) => startPostgres({ dir, port, settings: SETTINGS }));
  const redis = await backingService((port) => startRedis({ port }));
  stopOnSignals([redis, postgres]);
  try {
    const databaseUrl = await freshDatabase(postgres.url, 'carillon_chaos');
    const env = { ...process.env, DATABASE_URL: databaseUrl, REDIS_URL: redis.url };
    const adminKey = execFileSync(process.execPath, ['tools/create-api-key.mjs', 'admin', 'chaos'], { env, encoding: 'utf8' }).trim();
    Object.assign(env, { SIMULATOR_SPEECH_LIBRARIES: speech.libraryDir, SIMULATOR_SPEECH_MODEL: speech.modelDir });
    const { runChaos } = await import('../e2e/chaos/dist/run-chaos.js');
    const options = {
      contacts: Number(values.contacts),
      seed: values.seed,
      limitMs: Number(values.minutes) * 60_000,
      pace: values.quick ? 'quick' : 'whole',
      failpoints: values.failpoints,
    };
    const broken = values.break ? ['--import', `./e2e/chaos/broken-engines/${values.break}.mjs`] : [];
    const run = (script) => tied('KILL', process.execPath, ['--enable-source-maps', ...broken, script]);
    const logDir = `.cache/logs/chaos-${process.pid}`;
    return await runChaos(options, { env, run, logDir, databaseUrl, adminKey, postgres, redis, log });
  } finally {
    await redis.end('SIGTERM');
    await postgres.end('SIGINT');
    await release();
  }
}

/** A service on one port that can be ended by any signal and started again. */
async function backingService(start) {
  const port = await freePort();
  let service = await start(port);
  return {
    url: service.url,
    async end(signal) {
      const { child } = service;
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, 'exit');
      await service.clean?.();
    },
    async start() {
      service = await start(port);
    },
  };
}

/** The services of ours are tied to this process; Postgres and Redis are asked to go. */
function stopOnSignals(services) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      const ended = Promise.allSettled(services.map((service) => service.end('SIGINT')));
      void ended.then(() => process.exit(130));
    });
  }
}
