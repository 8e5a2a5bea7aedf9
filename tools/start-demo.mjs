// Under Node 24: build → Postgres, Redis, speech engines → the demo (apps/demo), which starts the services and runs the campaign.
import { build } from './build.mjs';
import { applyMigrations } from './migrate.mjs';
import { runUnder } from './run-under.mjs';
import { freshDatabase, startServices } from './services.mjs';
import { fetchSpeechEngines } from './speech-engines.mjs';

if (process.argv.includes('--help')) {
  process.stdout.write(
    'npm start [-- --exit] [--contacts FILE.csv]\n\n  --exit      stop after the report; the last line on stdout is its JSON\n  --contacts  another CSV than examples/contacts.csv\n',
  );
} else {
  process.exitCode = await start().catch((error) => {
    process.stderr.write(`\n${error.message}\n`);
    return 1;
  });
}

async function start() {
  build();
  const speech = await fetchSpeechEngines({ dir: '.cache/speech' });
  const services = await startServices({ dir: '.cache/postgres', settings: { synchronous_commit: 'off' } });
  try {
    const env = { ...services.env, SIMULATOR_SPEECH_LIBRARIES: speech.libraryDir, SIMULATOR_SPEECH_MODEL: speech.modelDir };
    if (services.embedded.postgres) env.DATABASE_URL = await freshDatabase(env.DATABASE_URL, 'carillon');
    else await applyMigrations(env.DATABASE_URL, 'prisma/migrations');
    return await runUnder(process.execPath, ['--enable-source-maps', 'apps/demo/dist/main.js', ...process.argv.slice(2)], { env });
  } finally {
    await services.stop();
  }
}
