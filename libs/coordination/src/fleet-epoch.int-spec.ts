import { randomUUID } from 'node:crypto';
import type { AdmissionScope } from './admission.js';
import { createKeys } from './keys.js';
import { openCoordination, type Coordination } from './open-coordination.js';
import { openRedis } from './open-redis.js';

const prefix = `test-${randomUUID()}`;
const keys = createKeys(prefix);
const redisUrl = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';
const fail = (error: Error) => {
  throw error;
};
const raw = openRedis({ url: redisUrl, connectionName: 'test', onError: fail });
const campaign: AdmissionScope = { key: 'campaign:c', maxConcurrent: 3, intervalMs: null };
const NO_EPOCH = { answer: 'no_epoch' };

let coordination: Coordination;
beforeEach(async () => {
  await flush();
  coordination = openCoordination({ redisUrl, name: 'test', prefix, onError: fail });
  await coordination.fleet.announce({ workerId: 'media', slots: 1_000 });
});
afterEach(() => coordination.close());
afterAll(async () => {
  await flush();
  raw.disconnect();
});

/** To whoever only knows our keys the same as FLUSHALL, and harmless to other tests. */
async function flush() {
  const found = await raw.keys(`${prefix}:*`);
  if (found.length > 0) await raw.del(...found);
}

const admit = (callId: string, scopes = [campaign]) =>
  coordination.admission.admit({ callId, leaseMs: 60_000, maxWaitMs: 0, overdial: 1, scopes });
const openCall = (callId: string) => ({ callId, leaseMs: 60_000, scopes: ['campaign:c'] });
const heldCalls = async () => {
  const held: string[] = [];
  for await (const page of coordination.fleet.heldCalls()) held.push(...page);
  return held.sort();
};

it('Nobody is admitted on a fresh Redis, and nothing is written', async () => {
  expect(await coordination.admission.epoch()).toBeNull();
  expect(await admit('call')).toEqual(NO_EPOCH);
  expect(await admit('call', [])).toEqual(NO_EPOCH);
  expect(await raw.keys(`${keys.leases}*`)).toEqual([]);
});

it('A flush in mid-campaign stops dialing; the open calls count again once they are rebuilt', async () => {
  const { admission, fleet } = coordination;
  await admission.rebuild({ epoch: 4, calls: [] });
  for (const callId of ['1', '2', '3']) expect(await admit(callId)).toMatchObject({ answer: 'admitted', epoch: 4 });
  await flush();
  await fleet.announce({ workerId: 'media', slots: 1_000 });
  expect(await admit('4')).toEqual(NO_EPOCH);
  expect(await fleet.countSlots()).toEqual({ capacity: 1_000, held: 0, free: 0 });

  expect(await admission.rebuild({ epoch: 5, calls: ['1', '2', '3'].map(openCall) })).toEqual({ rebuilt: true });
  expect(await admission.epoch()).toBe(5);
  expect(await admission.usage(['campaign:c'])).toEqual(new Map([['campaign:c', 3]]));
  expect(await admit('4')).toMatchObject({ answer: 'refused', reason: 'full', scope: 'campaign:c' });
  expect(await admit('2')).toEqual({ answer: 'admitted', waitMs: 0, epoch: 5, again: true });
  expect(await admission.renew('3', 60_000)).toBe(true);
  expect(await admission.release('3')).toBe(true);
  expect(await admit('4')).toMatchObject({ answer: 'admitted', epoch: 5, again: false });
});

it('Another server run has no epoch, though it has the data', async () => {
  const { admission } = coordination;
  await admission.rebuild({ epoch: 1, calls: [openCall('open'), openCall('over')] });
  await raw.hset(keys.epoch, 'run_id', 'f'.repeat(40)); // as after a restart from disk, or a failover
  expect(await admission.epoch()).toBeNull();
  expect(await admit('new')).toEqual(NO_EPOCH);
  expect(await admission.release('over')).toBe(true);
  await admission.rebuild({ epoch: 2, calls: [openCall('open')] });
  expect(await heldCalls()).toEqual(['open']);
});

it('A rebuild forgets every lease that is not open by Postgres', async () => {
  await coordination.admission.rebuild({ epoch: 1, calls: [openCall('a'), openCall('b')] });
  await coordination.admission.rebuild({ epoch: 2, calls: [openCall('b'), openCall('c')] });
  expect(await heldCalls()).toEqual(['b', 'c']);
  expect(await coordination.admission.usage(['campaign:c'])).toEqual(new Map([['campaign:c', 2]]));
});

it('A rebuild of many calls writes them all, also beyond the limits: they are there', async () => {
  const calls = Array.from({ length: 1_201 }, (_, i) => openCall(`call-${i}`));
  expect(await coordination.admission.rebuild({ epoch: 1, calls })).toEqual({ rebuilt: true });
  expect(await coordination.fleet.countSlots()).toEqual({ capacity: 1_000, held: 1_201, free: 0 });
  expect((await coordination.admission.usage(['campaign:c'])).get('campaign:c')).toBe(1_201);
});

it('An epoch is never lowered, nor opened twice', async () => {
  const { admission } = coordination;
  await admission.rebuild({ epoch: 7, calls: [openCall('a')] });
  for (const epoch of [6, 7]) expect(await admission.rebuild({ epoch, calls: [] })).toEqual({ rebuilt: false, standsAt: 7 });
  expect(await admission.epoch()).toBe(7);
  expect(await heldCalls()).toEqual(['a']);
});

describe('Between the first page of a rebuild and the last', () => {
  const page = (epoch: number, at: { first?: boolean; last?: boolean }, callIds: string[] = []) =>
    raw.rebuildFleet(keys.epoch, keys.leases, epoch, at.first ? 1 : 0, at.last ? 1 : 0, JSON.stringify(callIds.map(openCall)));

  it('nobody is admitted', async () => {
    await coordination.admission.rebuild({ epoch: 1, calls: [] });
    expect(await page(2, { first: true }, ['a'])).toEqual([1, 2]);
    expect(await admit('new')).toEqual(NO_EPOCH);
    expect(await page(2, { last: true }, ['b'])).toEqual([1, 2]);
    expect(await admit('new')).toMatchObject({ answer: 'admitted', epoch: 2 });
    expect(await heldCalls()).toEqual(['a', 'b', 'new']);
  });

  it('a flush makes it begin anew, or the first page would be missing', async () => {
    await page(2, { first: true }, ['a']);
    await flush();
    expect(await page(2, { last: true }, ['b'])).toEqual([0, 0]);
    expect(await coordination.admission.epoch()).toBeNull();
  });

  it('so does another server run', async () => {
    await page(2, { first: true }, ['a']);
    await raw.hset(keys.epoch, 'rebuilding', 'f'.repeat(40));
    expect(await page(2, { last: true }, ['b'])).toEqual([0, 2]);
    expect(await coordination.admission.epoch()).toBeNull();
    expect(await coordination.admission.rebuild({ epoch: 3, calls: [] })).toEqual({ rebuilt: true });
  });

  it('a later leader takes over, and the earlier one can do no more', async () => {
    await page(2, { first: true }, ['a']);
    await coordination.admission.rebuild({ epoch: 3, calls: [openCall('c')] });
    expect(await page(2, { last: true }, ['b'])).toEqual([0, 3]);
    expect(await heldCalls()).toEqual(['c']);
  });
});
