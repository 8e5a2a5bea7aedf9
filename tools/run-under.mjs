import { spawn } from 'node:child_process';

/** A terminal and a parent may both pass on one Ctrl-C: what comes so soon after the first is the same signal. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Runs a command in a process group of its own and answers its exit code. A signal to us goes on to it: Ctrl-C must not reach Postgres and
 * Redis at the same instant as the processes that still need them. A second signal kills the group.
 */
export function runUnder(command, args, { env = process.env, cwd } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { stdio: 'inherit', env, cwd, detached: true });
    let askedAt = 0;
    const pass = (signal) => {
      if (askedAt && Date.now() - askedAt < SAME_SIGNAL_MS) return;
      try {
        process.kill(-child.pid, askedAt ? 'SIGKILL' : signal);
      } catch (error) {
        if (error.code !== 'ESRCH') throw error; // gone already
      }
      askedAt ||= Date.now();
    };
    const forget = () => ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => process.off(signal, pass));
    ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => process.on(signal, pass));
    child.once('error', (error) => (forget(), fail(error)));
    child.once('exit', (code, signal) => (forget(), done(code ?? (signal === 'SIGINT' ? 130 : 1))));
  });
}
