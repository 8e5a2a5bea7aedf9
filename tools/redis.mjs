import { execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePort, readyLine } from './postgres.mjs';
import { tied } from './tied.mjs';

const run = promisify(execFile);
const CACHE = '.cache/redis';
const PACKAGES = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'];
const MISSING =
  'redis-server is not installed. Run "sudo apt-get install -y redis-server" (macOS: "brew install redis"), or set REDIS_URL.';

/** A private Redis without persistence: `{ url, stop }`. Uses redis-server of the PATH, else one unpacked from apt into `.cache/redis`. */
export async function startRedis({ port = 0 } = {}) {
  const { command, env } = await redisServer();
  const actualPort = port || (await freePort());
  const dir = await mkdtemp(join(tmpdir(), 'carillon-redis-'));
  const flags = [
    '--port',
    actualPort,
    '--bind',
    '127.0.0.1',
    '--dir',
    dir,
    '--save',
    '',
    '--appendonly',
    'no',
    '--maxmemory-policy',
    'noeviction',
  ];
  // detached: see postgres.mjs
  const child = spawn(...tied('TERM', command, flags.map(String)), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    detached: true,
  });
  await readyLine(child, /Ready to accept connections/, 'redis-server');
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      await new Promise((done) => {
        child.once('exit', done);
        child.kill('SIGTERM');
      });
    }
    await rm(dir, { recursive: true, force: true });
  };
  return { url: `redis://127.0.0.1:${actualPort}`, stop, pid: child.pid, child, clean: () => rm(dir, { recursive: true, force: true }) };
}

async function redisServer() {
  if (spawnSync('redis-server', ['--version']).status === 0) return { command: 'redis-server', env: {} };
  const folder = resolve(CACHE);
  if (!existsSync(join(folder, 'complete'))) await unpackFromApt(folder);
  const libraries = await libraryFolders(folder);
  return { command: join(folder, 'usr/bin/redis-server'), env: { LD_LIBRARY_PATH: libraries.join(':') } };
}

/** Fills the folder from Debian's packages; needs no root and installs nothing. */
async function unpackFromApt(folder) {
  const staging = `${folder}-${process.pid}`;
  await mkdir(staging, { recursive: true });
  try {
    await aptDownload(PACKAGES, staging);
    for (const file of (await readdir(staging)).filter((name) => name.endsWith('.deb')))
      await run('dpkg-deb', ['-x', join(staging, file), staging]);
    await writeFile(join(staging, 'complete'), PACKAGES.join('\n'));
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder).catch((error) => {
      if (!existsSync(join(folder, 'complete'))) throw error; // another run was quicker
    });
  } catch (error) {
    throw new Error(`${MISSING}\n(${String(error.stderr ?? error.message).trim()})`, { cause: error });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** `apt-get download` into a folder; with empty package lists root refreshes them once. */
export async function aptDownload(packages, folder) {
  const download = () => run('apt-get', ['download', ...packages], { cwd: folder });
  try {
    await download();
  } catch (error) {
    if (process.getuid?.() !== 0) throw error;
    await run('apt-get', ['update']);
    await download();
  }
}

async function libraryFolders(folder) {
  const base = join(folder, 'usr/lib');
  return (await readdir(base, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map((entry) => join(base, entry.name));
}
