import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ChaosResult } from './chaos/result.js';

const root = join(__dirname, '..');

/** Runs `npm run chaos -- --quick`, on a Postgres and a Redis of its own, since it kills them; answers its last line. */
export function runChaos(args: string[]): Promise<ChaosResult> {
  const chaos = spawn(process.execPath, ['tools/run-chaos.mjs', '--built', '--quick', ...args], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  chaos.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  chaos.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((done, fail) => {
    chaos.once('exit', (code) => {
      const line = stdout.trimEnd().split('\n').at(-1) ?? '';
      if (line.startsWith('{')) done(JSON.parse(line) as ChaosResult);
      else fail(new Error(`the run ended with ${code}:\n${stderr.slice(-4_000)}`));
    });
  });
}
