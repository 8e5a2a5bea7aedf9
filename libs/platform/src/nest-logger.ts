import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.js';

/** Sends Nest's own lines to our logger; what it tells of modules and routes is for debugging only. */
export function nestLogger(log: Logger): LoggerService {
  const at =
    (level: 'trace' | 'debug' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...rest: unknown[]) =>
      log[level]({ nest: rest.at(-1), ...(message instanceof Error ? { err: message } : { detail: message }) }, 'nest');
  return { log: at('debug'), debug: at('debug'), verbose: at('trace'), warn: at('warn'), error: at('error'), fatal: at('fatal') };
}
