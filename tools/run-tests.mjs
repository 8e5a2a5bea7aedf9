// Under Node 24: format → build and types → lint → unit, property and integration tests → end-to-end stories.
import { readFileSync, rmSync } from 'node:fs';
import { build, step } from './build.mjs';
import { runUnder } from './run-under.mjs';
import { freshDatabase, startServices, THROWAWAY } from './services.mjs';
import { fetchSpeechEngines } from './speech-engines.mjs';

const RESULTS = '.cache/test-results.json';
const long = process.argv.includes('--long');

step('format', 'prettier', ['--check', '.', '--log-level', 'warn']);
build();
step('types of tests', 'tsc', ['-p', 'tsconfig.lint.json']);
step('project graph', 'nx', ['show', 'projects'], { env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' } });
step('lint', 'eslint', ['.']);
step('floors', 'depcruise', ['--config', '.dependency-cruiser.mjs', 'apps', 'libs', 'bench', 'e2e']);
process.exitCode = await tests();

async function tests() {
  const speech = await fetchSpeechEngines({ dir: '.cache/speech' });
  const services = await startServices({ dir: '.cache/postgres-test', settings: THROWAWAY });
  try {
    await freshDatabase(services.env.DATABASE_URL, 'carillon_template');
    const env = { ...services.env, SIMULATOR_SPEECH_LIBRARIES: speech.libraryDir, SIMULATOR_SPEECH_MODEL: speech.modelDir };
    const quick = await jest('tests', ['**/*.spec.ts', '**/*.int-spec.ts'], ['--maxWorkers=2'], env);
    // the end-to-end stories speak and listen in real time: one at a time, or they would starve each other
    const stories = await jest('end-to-end stories', [long ? '**/*.@(e2e|long)-spec.ts' : '**/*.e2e-spec.ts'], ['--runInBand'], env);
    const passed = quick.passed + stories.passed;
    const failed = quick.failed + stories.failed;
    process.stdout.write(`\nTests: ${passed} passed, ${failed} failed\n`);
    return failed === 0 && quick.ok && stories.ok ? 0 : 1;
  } finally {
    await services.stop();
  }
}

async function jest(title, testMatch, flags, env) {
  process.stderr.write(`· ${title}\n`);
  rmSync(RESULTS, { force: true });
  const vm = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const args = [
    ...vm,
    'node_modules/jest/bin/jest.js',
    '--json',
    `--outputFile=${RESULTS}`,
    ...flags,
    ...testMatch.flatMap((pattern) => ['--testMatch', pattern]),
  ];
  const code = await runUnder(process.execPath, args, { env: { ...env, NODE_OPTIONS: vm.join(' ') } });
  const { numPassedTests: passed, numFailedTests: failed, numFailedTestSuites } = JSON.parse(readFileSync(RESULTS, 'utf8'));
  return { ok: code === 0, passed, failed: Math.max(failed, numFailedTestSuites) };
}
