import type { CallContext } from '@carillon/contracts';
import { listen, type RunningService, type ServiceContext } from '@carillon/platform';
import type { CallTokens } from '@carillon/telephony';
import { acceptCall } from './accept-call.js';
import { CallRelays, isGone, type PassOnResult } from './call-relays.js';
import { CapacityHeartbeat } from './capacity-heartbeat.js';
import type { CallLogs } from './file-call-logs.js';
import { HeldCall, type CallBooks, type CallHolder } from './hold-call.js';
import { LoopDelayWatch, startLoopDelayMeter, type LoopDelayMeter } from './loop-delay-watch.js';
import { createMediaMetrics, type MediaMetrics } from './media-metrics.js';
import { createMediaServer } from './media-server.js';
import { OpenCalls } from './open-calls.js';
import type { CallProviders, Outside, Time } from './ports.js';

export interface MediaWorkerOptions {
  /** With the port it names the worker to the fleet: one that starts again after a crash takes its own place there, and none beside it. */
  hostName: string;
  /** Port 0 takes a free one. */
  listen: { host: string; port: number };
  slots: number;
  /** Base URL at which other workers reach this one; left out: its host name, or the address that it listens on. */
  peerUrl?: string | undefined;
  /** A later event loop (p99) takes no further call; left out: there is no bound. */
  loopDelayMaxMs?: number | undefined;
  /** Instead of the process's own. */
  loopDelay?: LoopDelayMeter | undefined;
  context: Pick<ServiceContext, 'log' | 'metrics' | 'health' | 'tracer'>;
  time: Time;
  tokens: Pick<CallTokens, 'checkMediaToken'>;
  outside: Outside;
  /** Asked for each call; production gives the same to all. */
  providersFor(context: CallContext): CallProviders;
  /** Hears of each call as it is taken, before its first sound. */
  prepare?: ((context: CallContext) => void) | undefined;
  /** What calls say in languages that have no texts of their own; without it they speak English there. */
  lines?: CallBooks | undefined;
  /** Where calls keep the logs that their settings ask for; without it they keep none. */
  callLogs?: CallLogs | undefined;
}

export interface MediaWorker extends RunningService {
  readonly openCalls: number;
  /** The carrier does not put the person of this call through. Harmless where this worker does not hold the call, or nobody asked for that. */
  transferFailed(callId: string): void;
}

/** After the deadline of a drain calls are given to other workers; this long they may take to be kept and written. */
const LAST_WRITES_MS = 1_500;

/** One media worker: accepts media sockets and holds each call until its end. Everything outside is given, and closed by who gave it. */
export async function startMediaWorker(options: MediaWorkerOptions): Promise<MediaWorker> {
  const { context, outside, time, tokens } = options;
  const { log } = context;
  const meter = options.loopDelay ?? startLoopDelayMeter();
  const loop = new LoopDelayWatch(meter, options.loopDelayMaxMs ?? Infinity);
  const calls = new OpenCalls(options.slots, () => loop.overloaded);
  const workerId = (): string => `${options.hostName}:${new URL(url).port}`;
  const relays = createRelays(options, workerId, (result) => metrics.passedOn.inc({ result }));
  const metrics = createMediaMetrics(context.metrics, {
    slots: () => calls.announcedSlots,
    state: () => calls.state,
    relays: () => relays.count,
    openCalls: () => calls.calls().map((call) => call.stats),
  });
  context.health.tell('capacity', () => calls.state);
  const closing = new AbortController();
  const holder = holderOf(options, metrics, closing.signal);
  const directory = { admit: supersedingAdmit(outside, calls) };
  const server = createMediaServer({
    context,
    accept: (request) => acceptCall({ tokens, carrier: outside.carrier, directory, room: calls, clock: time.clock, log }, request),
    hold: (socket, acceptance) => calls.add(new HeldCall(holder, socket, acceptance)),
    abandoned: () => calls.giveBack(),
    async passOn(callId, handshake) {
      if (isGone(handshake)) return false;
      // Where a call goes on elsewhere, what was said in it here is written first.
      await calls.makeWayFor(callId);
      return relays.passOn(callId, handshake);
    },
    refused: (reason) => metrics.rejects.inc({ reason }),
  });
  const url = await listen(server, options.listen);
  const peerUrl = options.peerUrl ?? peerUrlOf(options, url);
  const heartbeat = new CapacityHeartbeat({
    ...{ workerId: workerId(), peerUrl, fleet: outside.fleet, clock: time.clock },
    ...{ log, calls, loop },
  });
  await heartbeat.beat();
  return {
    url,
    get openCalls() {
      return calls.calls().length;
    },
    transferFailed: (callId) => calls.find(callId)?.transferFailed(),
    async stopTaking() {
      calls.stopTaking();
      await heartbeat.beat();
    },
    drain: (deadlineMs) => drain(calls, relays, time, deadlineMs),
    async close() {
      closing.abort();
      for (const call of calls.calls()) call.end('shutdown');
      await doneBy(time.clock, time.clock.now() + LAST_WRITES_MS, calls.settled());
      relays.close();
      await heartbeat.stop();
      meter.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function holderOf(options: MediaWorkerOptions, metrics: MediaMetrics, closing: AbortSignal): CallHolder {
  const { outside, time, providersFor, prepare, lines, callLogs, context } = options;
  const { log, tracer } = context;
  return { outside, time, providersFor, prepare, lines, callLogs, metrics, tracer, log, closing };
}

function createRelays(options: MediaWorkerOptions, workerId: () => string, count: (result: PassOnResult) => void): CallRelays {
  const { outside, time, context, slots } = options;
  return new CallRelays({ workerId, mostRelays: slots, fleet: outside.fleet, clock: time.clock, log: context.log, count });
}

/** Who listens on every address is known by its host's name; any other address is the one to call. */
function peerUrlOf({ hostName, listen: { host } }: MediaWorkerOptions, url: string): string {
  const isEvery = host === '0.0.0.0' || host === '::';
  return isEvery ? `http://${hostName}:${new URL(url).port}` : url;
}

/** The newest socket of a call wins: what an older one on this worker has heard is written first, so that the new one starts with it. */
function supersedingAdmit({ directory }: Outside, calls: OpenCalls): Outside['directory']['admit'] {
  return async (call, isWanted = () => true) => {
    if (!isWanted()) return 'unwanted';
    await calls.makeWayFor(call.callId);
    return directory.admit(call, isWanted);
  };
}

async function drain(calls: OpenCalls, relays: CallRelays, { clock }: Time, deadlineMs: number): Promise<void> {
  const deadline = clock.now() + deadlineMs;
  await doneBy(clock, deadline, Promise.all([calls.empty(), relays.empty()]));
  relays.close();
  for (const call of calls.calls()) call.move();
  await doneBy(clock, Math.max(deadline, clock.now() + LAST_WRITES_MS), calls.settled());
}

async function doneBy(clock: Time['clock'], at: number, work: Promise<unknown>): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = clock.setTimer(at, resolve);
    void work.then(() => {
      timer.cancel();
      resolve();
    });
  });
}
