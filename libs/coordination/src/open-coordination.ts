import { BullMQOtel } from 'bullmq-otel';
import { createAdmission, type Admission } from './admission.js';
import { createCallDesk, type CallDesk } from './call-desk.js';
import { createCallSignals } from './call-signals.js';
import { createCircuitBoard, type CircuitBoard } from './circuit-board.js';
import { createConveyor, type Conveyor } from './conveyor.js';
import { createFleet, type Fleet } from './fleet.js';
import { createJobWorkers, type JobWorkers, type JobWorkersOptions } from './job-workers.js';
import { createKeys } from './keys.js';
import { createLiveChannel, type LiveChannel } from './live-channel.js';
import { openBlockingRedis, openRedis } from './open-redis.js';

export interface CoordinationOptions {
  redisUrl: string;
  /** Name of the process in `CLIENT LIST`. */
  name: string;
  /** Connection trouble; connections mend themselves. */
  onError(error: Error): void;
  /** First part of every key; tests take one of their own. */
  prefix?: string;
}

/** All of Redis that a process uses, over few connections that are closed together. */
export interface Coordination {
  conveyor: Conveyor;
  admission: Admission;
  fleet: Fleet;
  calls: CallDesk;
  live: LiveChannel;
  /** Which providers all processes leave alone. */
  circuits: CircuitBoard;
  /** Workers over a connection of their own; close them before this. */
  createWorkers(options: Omit<JobWorkersOptions, 'openRedis' | 'keys' | 'telemetry'>): JobWorkers;
  /** Rejects when Redis does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export function openCoordination({ redisUrl: url, name, onError, prefix }: CoordinationOptions): Coordination {
  const keys = createKeys(prefix);
  const telemetry = new BullMQOtel({ tracerName: 'carillon' });
  const redis = openRedis({ url, connectionName: name, onError });
  const conveyor = createConveyor({ redis, keys, telemetry });
  const openSubscriber = () => openBlockingRedis({ url, connectionName: `${name}:live`, onError });
  const live = createLiveChannel({ redis, keys, openSubscriber, onError });
  const openSignalSubscriber = () => openBlockingRedis({ url, connectionName: `${name}:calls`, onError });
  const signals = createCallSignals({ redis, keys, openSubscriber: openSignalSubscriber, onError });

  return {
    conveyor,
    admission: createAdmission(redis, keys),
    fleet: createFleet(redis, keys),
    calls: createCallDesk(redis, keys, signals),
    live,
    circuits: createCircuitBoard(redis, keys),
    createWorkers(options) {
      const openWorkerRedis = () => openBlockingRedis({ url, connectionName: `${name}:workers`, onError });
      return createJobWorkers({ ...options, openRedis: openWorkerRedis, keys, telemetry });
    },
    async ping() {
      await redis.ping();
    },
    async close() {
      live.close();
      signals.close();
      await conveyor.close();
      redis.disconnect();
    },
  };
}
