// npm run bench -- NAME [--flags]: builds, then runs bench/NAME; its last line on stdout is one line of JSON.
import { existsSync, readdirSync } from 'node:fs';
import { build } from './build.mjs';
import { runUnder } from './run-under.mjs';
import { fetchSpeechEngines } from './speech-engines.mjs';

const [name, ...flags] = process.argv.slice(2);
const names = readdirSync('bench', { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() && existsSync(`bench/${entry.name}/main.ts`) ? [entry.name] : [],
);

if (!name || !names.includes(name)) {
  process.stderr.write(`npm run bench -- NAME [--flags]\n\nNames: ${names.join(', ')}\n`);
  process.exitCode = name === '--help' ? 0 : 2;
} else {
  build();
  const speech = await fetchSpeechEngines({ dir: '.cache/speech' });
  const env = { ...process.env, SIMULATOR_SPEECH_LIBRARIES: speech.libraryDir, SIMULATOR_SPEECH_MODEL: speech.modelDir };
  process.exitCode = await runUnder(process.execPath, ['--enable-source-maps', `bench/dist/${name}/main.js`, ...flags], { env });
}
