// Runs on the machine's own Node (20 or newer), before anything is installed: brings the dependencies in and hands over to the project's Node 24.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node = join(root, 'node_modules/.bin/node');
const stamp = join(root, 'node_modules/.carillon-lock');

/** Goes on with `script` under Node 24, with all dependencies there. */
export function handOver(script) {
  process.chdir(root);
  install();
  const runtime = existsSync(node) ? node : process.execPath; // platforms without the packaged Node bring their own
  const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
  const child = spawn(runtime, [resolve(root, script), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => forward(child, signal));
  child.on('exit', (code, signal) => (process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)));
}

/** On Ctrl-C the terminal has told the child already; a second, forwarded signal would mean "at once". */
function forward(child, signal) {
  if (signal === 'SIGINT' && process.stdin.isTTY) return;
  child.kill(signal);
}

function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write('Installing dependencies (npm ci), a minute or two the first time …\n');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    process.stderr.write('npm ci failed; its output above says why.\n');
    process.exit(status ?? 1);
  }
  writeFileSync(stamp, lock);
}
