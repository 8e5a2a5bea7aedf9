import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { DemoResult } from '../apps/demo/src/result.js';

const root = join(__dirname, '..');

/** Runs the demo campaign as `npm start -- --exit` does, on a database of its own; answers its last line. */
export async function runDemo(
  args: string[],
  whileRunning: (demo: ChildProcess) => Promise<void> = async () => undefined,
  extraEnv: Record<string, string> = {},
): Promise<DemoResult> {
  const databaseUrl = await ownDatabase();
  const env = { ...process.env, DATABASE_URL: databaseUrl, NODE_OPTIONS: '', ...extraEnv };
  const demo = spawn(process.execPath, ['--enable-source-maps', 'apps/demo/dist/main.js', '--exit', ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  demo.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  demo.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exited = new Promise<number | null>((done) => demo.once('exit', done));
  await whileRunning(demo);
  const code = await exited;
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  if (code !== 0 || !line.startsWith('{')) throw new Error(`the demo ended with ${code}:\n${stderr.slice(-4_000)}`);
  return JSON.parse(line) as DemoResult;
}

export async function ownDatabase(): Promise<string> {
  const url = new URL(process.env['DATABASE_URL'] ?? '');
  const name = `demo_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client(url.href);
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name} TEMPLATE carillon_template STRATEGY file_copy`);
  await admin.end();
  url.pathname = `/${name}`;
  return url.href;
}

/** Process ids of a service that the demo has started, by the script it runs. */
export function childrenOf(demo: ChildProcess, script: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => read(`/proc/${pid}/stat`).split(' ')[3] === String(demo.pid) && read(`/proc/${pid}/cmdline`).includes(script))
    .map(Number);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process has ended meanwhile
  }
}
