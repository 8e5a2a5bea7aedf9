import { pino, type DestinationStream } from 'pino';
import { processEnvironment, type Environment } from './config/load-config.js';

/** What a service touches of its process; tests bring their own. */
export interface Host {
  env: Environment;
  nodeVersion: string;
  logDestination: DestinationStream;
  /** Says on stderr, for a person, why the process does not start. */
  complain(message: string): void;
  onSignal(listener: (signal: 'SIGTERM' | 'SIGINT') => void): void;
  /** Errors that nobody caught, thrown or rejected. */
  onCrash(listener: (error: unknown) => void): void;
  exit(code: number): void;
}

const STDERR = 2;

export function processHost(): Host {
  return {
    env: processEnvironment(),
    nodeVersion: process.versions.node,
    logDestination: pino.destination(STDERR),
    complain: (message) => void process.stderr.write(`${message}\n`),
    onSignal(listener) {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => listener(signal));
    },
    onCrash(listener) {
      process.on('uncaughtException', listener);
      process.on('unhandledRejection', listener);
    },
    exit: (code) => process.exit(code),
  };
}
