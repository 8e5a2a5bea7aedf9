import type { CallContext } from '@carillon/contracts';
import { listen, type RunningService, type ServiceContext } from '@carillon/platform';
import type { CallTokens } from '@carillon/telephony';
import { acceptCall } from './accept-call.js';
import { CapacityHeartbeat } from './capacity-heartbeat.js';
import type { CallLogs } from './file-call-logs.js';
import { HeldCall, type CallHolder } from './hold-call.js';
import { createMediaMetrics } from './media-metrics.js';
import { createMediaServer } from './media-server.js';
import { OpenCalls } from './open-calls.js';
import type { CallProviders, Outside, Time } from './ports.js';

export interface MediaWorkerOptions {
  /** With the port it names the worker to the fleet: one that starts again after a crash takes its own place there, and none beside it. */
  hostName: string;
  /** Port 0 takes a free one. */
  listen: { host: string; port: number };
  slots: number;
  context: Pick<ServiceContext, 'log' | 'metrics' | 'health' | 'tracer'>;
  time: Time;
  tokens: Pick<CallTokens, 'checkMediaToken'>;
  outside: Outside;
  /** Asked for each call; production gives the same to all. */
  providersFor(context: CallContext): CallProviders;
  /** Where calls keep the logs that their settings ask for; without it they keep none. */
  callLogs?: CallLogs | undefined;
}

export interface MediaWorker extends RunningService {
  readonly openCalls: number;
}

/** After the deadline of a drain calls are ended; this long they may take to be written. */
const LAST_WRITES_MS = 1_500;

/** One media worker: accepts media sockets and holds each call until its end. Everything outside is given, and closed by who gave it. */
export async function startMediaWorker(options: MediaWorkerOptions): Promise<MediaWorker> {
  const { context, outside, time, tokens } = options;
  const { log } = context;
  const calls = new OpenCalls(options.slots);
  const metrics = createMediaMetrics(context.metrics, {
    slots: () => calls.announcedSlots,
    openCalls: () => calls.calls().map((call) => call.stats),
  });
  const closing = new AbortController();
  const holder: CallHolder = {
    closing: closing.signal,
    outside,
    time,
    providersFor: options.providersFor,
    callLogs: options.callLogs,
    metrics,
    tracer: context.tracer,
    log,
  };
  const directory = { admit: supersedingAdmit(outside, calls) };
  const server = createMediaServer({
    context,
    accept: (request) => acceptCall({ tokens, carrier: outside.carrier, directory, room: calls, log }, request),
    hold: (socket, acceptance) => calls.add(new HeldCall(holder, socket, acceptance)),
    abandoned: () => calls.giveBack(),
    refused: (reason) => metrics.rejects.inc({ reason }),
  });
  const url = await listen(server, options.listen);
  const workerId = `${options.hostName}:${new URL(url).port}`;
  const heartbeat = new CapacityHeartbeat({ workerId, fleet: outside.fleet, clock: time.clock, log, slots: () => calls.announcedSlots });
  await heartbeat.beat();
  return {
    url,
    get openCalls() {
      return calls.calls().length;
    },
    async stopTaking() {
      calls.stopTaking();
      await heartbeat.beat();
    },
    drain: (deadlineMs) => drain(calls, time, deadlineMs),
    async close() {
      closing.abort();
      for (const call of calls.calls()) call.end('shutdown');
      await doneBy(time.clock, time.clock.now() + LAST_WRITES_MS, calls.settled());
      await heartbeat.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The newest socket of a call wins: what an older one on this worker has heard is written first, so that the new one starts with it. */
function supersedingAdmit({ directory }: Outside, calls: OpenCalls): Outside['directory']['admit'] {
  return async (call) => {
    await calls.makeWayFor(call.callId);
    return directory.admit(call);
  };
}

async function drain(calls: OpenCalls, { clock }: Time, deadlineMs: number): Promise<void> {
  const deadline = clock.now() + deadlineMs;
  await doneBy(clock, deadline, calls.empty());
  for (const call of calls.calls()) call.end('shutdown');
  await doneBy(clock, Math.max(deadline, clock.now() + LAST_WRITES_MS), calls.settled());
}

async function doneBy(clock: Time['clock'], at: number, work: Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = clock.setTimer(at, resolve);
    void work.then(() => {
      timer.cancel();
      resolve();
    });
  });
}
