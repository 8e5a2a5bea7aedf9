import { spawnSync } from 'node:child_process';

let available;

/**
 * `[command, args]` that die with this process even when it is killed with SIGKILL, where Linux offers it (util-linux' setpriv). Elsewhere the
 * command as it is: what outlives us is then ended by the next start.
 */
export function tied(signal, command, args) {
  available ??= process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status === 0;
  return available ? ['setpriv', ['--pdeathsig', signal, command, ...args]] : [command, args];
}
