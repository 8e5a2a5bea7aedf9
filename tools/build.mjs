import { spawnSync } from 'node:child_process';

/** Generates the database client and compiles every project; what is up to date costs a few seconds. */
export function build() {
  step('prisma generate', 'prisma', ['generate']);
  step('tsc -b', 'tsc', ['-b']);
}

/** Runs one build or check step; its output goes to stderr, a failure ends the process with its code. */
export function step(title, command, args, options = {}) {
  process.stderr.write(`· ${title}\n`);
  const { status, error } = spawnSync(command, args, {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, CHECKPOINT_DISABLE: '1', NX_TUI: 'false' },
    ...options,
  });
  if (error) throw error;
  if (status === 0) return;
  process.stderr.write(`✗ ${title} failed\n`);
  process.exit(status ?? 1);
}
