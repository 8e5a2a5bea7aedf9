import { randomUUID } from 'node:crypto';
import type { JobName } from '@carillon/contracts';
import type { JobHandlers } from './job-handlers.js';
import type { JobObserver } from './job-workers.js';
import { createKeys } from './keys.js';
import { openCoordination, type Coordination } from './open-coordination.js';
import { openRedis } from './open-redis.js';

const redisUrl = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';
const nothing = () => Promise.resolve();
const handlers = (some: Partial<JobHandlers>): JobHandlers => ({
  dial: nothing,
  'carrier-event': nothing,
  'wrap-up': nothing,
  synthesise: nothing,
  ...some,
});
const silent: JobObserver = { started: () => undefined, completed: () => undefined, failed: () => undefined, error: () => undefined };
const call = () => ({ tenantId: 'default', callId: randomUUID() });

const prefix = `test-${randomUUID()}`;
const onError = (error: Error) => {
  throw error;
};
const raw = openRedis({ url: redisUrl, connectionName: 'test', onError });

let coordination: Coordination;
const closing: (() => Promise<void>)[] = [];
let stages = 0;
beforeEach(() => {
  coordination = openCoordination({ redisUrl, name: 'test', prefix: `${prefix}-${++stages}`, onError });
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await coordination.close();
});

afterAll(() => raw.disconnect());

async function work(some: Partial<JobHandlers>, observer: Partial<JobObserver> = {}) {
  const workers = coordination.createWorkers({ handlers: handlers(some), observer: { ...silent, ...observer } });
  closing.push(() => workers.close());
  await workers.open();
}

it('A job reaches its handler with the payload that was enqueued', async () => {
  const payload = call();
  const seen = new Promise((resolve) => void work({ dial: async (given) => resolve(given) }));
  await coordination.conveyor.enqueue('dial', payload);
  expect(await seen).toEqual(payload);
});

it('Nothing is taken before the workers are opened', async () => {
  const workers = coordination.createWorkers({ handlers: handlers({}), observer: silent });
  closing.push(() => workers.close());
  await coordination.conveyor.enqueue('dial', call());
  expect(await coordination.conveyor.waiting('dial')).toBe(1);
});

it('A payload that is not what the catalogue says is not enqueued', async () => {
  await expect(coordination.conveyor.enqueue('dial', { tenantId: 'default', callId: 'not a uuid' })).rejects.toThrow();
  expect(await coordination.conveyor.waiting('dial')).toBe(0);
});

it('A dial that throws is not tried again; a carrier event is', async () => {
  const runs: string[] = [];
  const failures: string[] = [];
  let settled: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (settled = resolve));
  const dial = async () => {
    runs.push('dial');
    throw new Error('no');
  };
  const carrierEvent = async (_: unknown, { attempt }: { attempt: number }) => {
    runs.push(`event ${attempt}`);
    if (attempt === 1) throw new Error('not yet');
    settled();
  };
  const failed = (name: JobName, _: Error, last: boolean) => void failures.push(`${name} ${last ? 'for good' : 'for now'}`);
  await work({ dial, 'carrier-event': carrierEvent }, { failed });
  await coordination.conveyor.enqueue('dial', call());
  await coordination.conveyor.enqueue('carrier-event', { tenantId: 'default', eventId: 'e1' });
  await all;
  expect(runs.sort()).toEqual(['dial', 'event 1', 'event 2']);
  expect(failures.sort()).toEqual(['carrier-event for now', 'dial for good']);
});

it('Closing waits for the job that runs', async () => {
  let finish: () => void = () => undefined;
  let finished = false;
  const held = new Promise<void>((resolve) => (finish = resolve));
  const workers = coordination.createWorkers({
    handlers: handlers({ dial: () => held.then(() => void (finished = true)) }),
    observer: { ...silent, started: () => began() },
  });
  let began: () => void = () => undefined;
  const running = new Promise<void>((resolve) => (began = resolve));
  await workers.open();
  await coordination.conveyor.enqueue('dial', call());
  await running;
  const closed = workers.close();
  finish();
  await closed;
  expect(finished).toBe(true);
});

it('Two jobs of one id are one job', async () => {
  const payload = call();
  await coordination.conveyor.enqueue('dial', payload, { jobId: payload.callId });
  await coordination.conveyor.enqueue('dial', payload, { jobId: payload.callId });
  expect(await coordination.conveyor.waiting('dial')).toBe(1);
});

describe('A batch of jobs', () => {
  const traceOf = (n: number) => `00-${String(n).padStart(32, '0')}-00000000000000ab-01`;
  /** The trace as BullMQ keeps it with the job. */
  const keptTrace = async (jobId: string) => {
    const options = await raw.hget(`${createKeys(`${prefix}-${stages}`).queuePrefix}:dial:${jobId}`, 'opts');
    return JSON.parse(options ?? '{}') as { tm?: string | false; omc?: boolean; attempts: number };
  };

  it('reaches the handler, each payload once', async () => {
    const calls = Array.from({ length: 30 }, call);
    const seen = new Set<string>();
    const all = new Promise<void>((resolve) => {
      const dial = async ({ callId }: { callId: string }) => void (seen.add(callId).size === calls.length && resolve());
      void work({ dial });
    });
    const jobs = calls.map((payload) => ({ payload, jobId: payload.callId }));
    await coordination.conveyor.enqueueAll('dial', [...jobs, ...jobs]);
    await all;
    expect(seen).toEqual(new Set(calls.map(({ callId }) => callId)));
  });

  it('carries the trace of each job, not that of the batch', async () => {
    const [first, second, untraced] = [call(), call(), call()];
    await coordination.conveyor.enqueueAll('dial', [
      { payload: first, jobId: first.callId, traceparent: traceOf(1) },
      { payload: second, jobId: second.callId, traceparent: traceOf(2) },
      { payload: untraced, jobId: untraced.callId, traceparent: null },
    ]);
    expect(await keptTrace(first.callId)).toMatchObject({ attempts: 1, tm: JSON.stringify({ traceparent: traceOf(1) }) });
    expect(await keptTrace(second.callId)).toMatchObject({ attempts: 1, tm: JSON.stringify({ traceparent: traceOf(2) }) });
    expect(await keptTrace(untraced.callId)).toMatchObject({ omc: true });
    expect((await keptTrace(untraced.callId)).tm).toBeFalsy();
  });

  it('is not enqueued at all when one payload is not what the catalogue says', async () => {
    const jobs = [{ payload: call() }, { payload: { tenantId: 'default', callId: 'not a uuid' } }];
    await expect(coordination.conveyor.enqueueAll('dial', jobs)).rejects.toThrow();
    expect(await coordination.conveyor.waiting('dial')).toBe(0);
  });
});
