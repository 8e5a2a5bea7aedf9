import { randomUUID } from 'node:crypto';
import type { JobName } from '@carillon/contracts';
import type { JobHandlers } from './job-handlers.js';
import type { JobObserver } from './job-workers.js';
import { openCoordination, type Coordination } from './open-coordination.js';

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

let coordination: Coordination;
const closing: (() => Promise<void>)[] = [];
beforeEach(() => {
  const onError = (error: Error) => {
    throw error;
  };
  coordination = openCoordination({ redisUrl, name: 'test', prefix: `test-${randomUUID()}`, onError });
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await coordination.close();
});

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
