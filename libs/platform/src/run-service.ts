import type { Tracer } from '@opentelemetry/api';
import type { Registry } from 'prom-client';
import type { CarillonConfig, ServiceName } from './config/carillon-config.js';
import { loadConfig } from './config/load-config.js';
import { openDependencies, type DependencyName } from './dependencies.js';
import { createHealth, within, type Health } from './health.js';
import { createLogger, type Logger } from './logger.js';
import { createMetrics } from './metrics.js';
import { processHost, type Host } from './process-host.js';
import { startTelemetry } from './telemetry.js';

/** What every service is given; parts of it are passed on, never the whole. */
export interface ServiceContext {
  name: ServiceName;
  config: CarillonConfig;
  log: Logger;
  metrics: Registry;
  health: Health;
  tracer: Tracer;
}

export interface RunningService {
  /** Base URL once it listens. */
  url: string;
  /** Takes no new work; readiness has been withdrawn before. */
  stopTaking(): Promise<void>;
  /** Lets what runs come to its end, until the deadline. */
  drain(deadlineMs: number): Promise<void>;
  close(): Promise<void>;
}

export interface ServiceOptions {
  name: ServiceName;
  needs: readonly DependencyName[];
  /** Imports the service's own modules, so that they load after telemetry has started. */
  start(context: ServiceContext): Promise<RunningService>;
  /** How long running work may take to end on stop; left out, SHUTDOWN_DRAIN_MS. */
  drainMs?: number;
}

const OLDEST_NODE = 24;
/** Stop-taking and close have nothing to wait for: what takes longer hangs. */
const STEP_TIMEOUT_MS = 10_000;
/** Work that keeps to the drain's deadline gets this much on top to say so. */
const DRAIN_GRACE_MS = 2_000;

/**
 * The life of every service: check Node → config → logger → telemetry → dependencies → open; on SIGTERM or SIGINT: unready → stop taking → let
 * calls end → close. A second SIGINT ends it at once. Resolves when the process is about to exit; exit codes: 0 stopped in order, 1 failed.
 */
export async function runService(options: ServiceOptions, host: Host = processHost()): Promise<void> {
  let code = 1;
  try {
    requireNode(host.nodeVersion);
    code = await live(options, loadConfig(host.env, options.name), host);
  } catch (error) {
    host.complain(error instanceof Error ? error.message : String(error));
  }
  host.exit(code);
}

function requireNode(version: string): void {
  if (Number(version.split('.')[0]) >= OLDEST_NODE) return;
  throw new Error(
    `Carillon needs Node ${OLDEST_NODE} or newer and this is ${version}. Use the npm scripts: they run the project's own Node.`,
  );
}

async function live(options: ServiceOptions, config: CarillonConfig, host: Host): Promise<number> {
  const log = createLogger(options.name, config.log, host.logDestination);
  const telemetry = await startTelemetry(options.name, config.telemetry);
  const health = createHealth();
  const context: ServiceContext = {
    name: options.name,
    config,
    log,
    metrics: createMetrics(options.name),
    health,
    tracer: telemetry.tracer,
  };
  // Listened for from here on: a stop that comes while the service opens takes effect as soon as it is open.
  const stopped = stopReason(host, log);
  try {
    const dependencies = await openDependencies(options.needs, config, health);
    const service = await options.start(context);
    health.setReady(true);
    log.info({ url: service.url }, 'listening');
    const { code } = await stopped;
    const inOrder = await stop(service, context, options.drainMs ?? config.shutdown.drainMs);
    await dependencies.close();
    return inOrder ? code : 1;
  } catch (error) {
    log.fatal({ err: error }, 'the service could not start');
    return 1;
  } finally {
    await within(STEP_TIMEOUT_MS, telemetry.close()).catch((error: unknown) =>
      log.warn({ err: error }, 'the last spans could not be sent'),
    );
  }
}

/** Resolves with the first reason to stop: a signal (0), or an error that nobody caught (1: calls still end in order, then a fresh process). */
function stopReason(host: Host, log: Logger): Promise<{ code: number }> {
  return new Promise((resolve) => {
    let interrupts = 0;
    host.onSignal((signal) => {
      log.info({ signal }, 'asked to stop');
      if (signal === 'SIGINT' && ++interrupts > 1) host.exit(130);
      resolve({ code: 0 });
    });
    host.onCrash((error) => {
      log.fatal({ err: error }, 'an error was not caught');
      resolve({ code: 1 });
    });
  });
}

async function stop(service: RunningService, { health, log }: ServiceContext, drainMs: number): Promise<boolean> {
  health.setReady(false);
  const steps: [string, number, () => Promise<void>][] = [
    ['stop taking', STEP_TIMEOUT_MS, () => service.stopTaking()],
    ['drain', drainMs + DRAIN_GRACE_MS, () => service.drain(drainMs)],
    ['close', STEP_TIMEOUT_MS, () => service.close()],
  ];
  let inOrder = true;
  for (const [step, timeoutMs, run] of steps) {
    const done = await within(timeoutMs, run()).catch((error: unknown) => {
      log.error({ err: error, step }, 'a step of the stop failed');
      return false;
    });
    if (!done) log.error({ step, timeoutMs }, 'a step of the stop did not come to its end');
    inOrder &&= done;
  }
  log.info({ inOrder }, 'stopped');
  return inOrder;
}
