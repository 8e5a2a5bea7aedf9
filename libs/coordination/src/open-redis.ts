import { Redis, type RedisOptions } from 'ioredis';
import { loadScripts } from './scripts.js';

/** A command that Redis did not answer by then fails: callers have deadlines of their own to keep. */
const COMMAND_TIMEOUT_MS = 5_000;
/** About three quarters of a second of reconnecting before a command fails. */
const RETRIES_PER_REQUEST = 5;

export interface RedisConnectionOptions {
  url: string;
  /** Shown by `CLIENT LIST`. */
  connectionName: string;
  /** Connection errors; ioredis reconnects by itself. */
  onError(error: Error): void;
}

/** Connection for plain commands and our scripts: fails rather than hangs. Commands of one turn of the event loop, of many calls, leave in one write to the socket. */
export function openRedis(options: RedisConnectionOptions): Redis {
  return open(options, { commandTimeout: COMMAND_TIMEOUT_MS, maxRetriesPerRequest: RETRIES_PER_REQUEST, enableAutoPipelining: true });
}

/** Connection that waits for ever, as BullMQ's workers and subscribers need it. Nothing else may use it: a blocking command holds it up. */
export function openBlockingRedis(options: RedisConnectionOptions): Redis {
  return open(options, { maxRetriesPerRequest: null, enableAutoPipelining: true });
}

type Patience = Pick<RedisOptions, 'commandTimeout' | 'maxRetriesPerRequest' | 'enableAutoPipelining'>;

function open({ url, connectionName, onError }: RedisConnectionOptions, patience: Patience): Redis {
  const redis = new Redis(url, { ...patience, connectionName, scripts: loadScripts() });
  redis.on('error', onError);
  return redis;
}
