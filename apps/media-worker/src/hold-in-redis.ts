import type { Coordination } from '@carillon/coordination';
import type { Logger } from '@carillon/platform';
import type { Db } from '@carillon/store';
import { createCallDirectory } from './call-directory.js';
import type { Outside } from './ports.js';

export interface HoldInRedisOptions {
  db: Db;
  coordination: Pick<Coordination, 'calls' | 'fleet'>;
  /** Of this process: one that starts again in its place has another. */
  holderId: string;
  log: Logger;
}

/** Calls are bound, and heartbeats sent, under one name: by that the dialer's reaper knows which calls nobody holds any more. */
export function holdInRedis({ db, coordination, holderId, log }: HoldInRedisOptions): Pick<Outside, 'directory' | 'fleet'> {
  const { calls, fleet } = coordination;
  return {
    directory: createCallDirectory({ db, desk: calls, workerId: holderId, log }),
    fleet: { ...fleet, announce: (worker) => fleet.announce({ ...worker, holderId }) },
  };
}
