import { randomUUID } from 'node:crypto';
import type { AdmissionAnswer, AdmissionScope } from './admission.js';
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
const opened: Coordination[] = [];
const open = (): Coordination => {
  const another = openCoordination({ redisUrl, name: 'test', prefix, onError: fail });
  opened.push(another);
  return another;
};
const EPOCH = 1;

let coordination: Coordination;
beforeEach(async () => {
  coordination = open();
  await forgetAll();
  await coordination.admission.rebuild({ epoch: EPOCH, calls: [] });
  await coordination.fleet.announce({ workerId: 'media', slots: 1_000 });
});
afterEach(() => Promise.all(opened.splice(0).map((each) => each.close())));
afterAll(async () => {
  await forgetAll();
  raw.disconnect();
});

async function forgetAll() {
  const found = await raw.keys(`${prefix}:*`);
  if (found.length > 0) await raw.del(...found);
}

const scope = (key: string, limits: Partial<AdmissionScope> = {}): AdmissionScope => ({
  key,
  maxConcurrent: null,
  intervalMs: null,
  ...limits,
});

interface Wish {
  maxWaitMs?: number;
  overdial?: number;
}

const admit = (callId: string, scopes: AdmissionScope[] = [], { maxWaitMs = 0, overdial = 1 }: Wish = {}): Promise<AdmissionAnswer> =>
  coordination.admission.admit({ callId, leaseMs: 60_000, maxWaitMs, overdial, scopes });

const admitted = (waitMs: number, again = false) => ({ answer: 'admitted', waitMs, epoch: EPOCH, again });
const full = (of: string) => ({ answer: 'refused', reason: 'full', scope: of, retryAfterMs: expect.any(Number) as number });

/** Instant (ms, Redis' clock) from which the call may be sent. */
const startOf = async (callId: string) => Number(await raw.hget(`${keys.leases}:${EPOCH}:call:${callId}`, 'start_at'));
const startsOf = (callIds: string[]) => Promise.all(callIds.map(startOf));
const ids = (count: number, name = 'call') => Array.from({ length: count }, (_, i) => `${name}-${i}`);

/** Leases, rates and holds, to see that nothing changed. */
async function dump(): Promise<Record<string, string | null>> {
  const found = [...(await raw.keys(`${keys.leases}*`)), ...(await raw.keys(`${keys.scopes}*`))].sort();
  const values = await Promise.all(found.map(async (key) => [key, (await raw.dumpBuffer(key))?.toString('base64') ?? null] as const));
  return Object.fromEntries(values);
}

describe('a limit of calls at a time', () => {
  it('of 7 is never passed by 50 workers that race over it', async () => {
    const others = Array.from({ length: 4 }, open);
    const limits = [scope('account:a'), scope('campaign:c', { maxConcurrent: 7 })];
    let active = 0;
    const seen: number[] = [];
    const worker = async (admission: Coordination['admission'], name: string) => {
      for (const callId of ids(20, name)) {
        const answer = await admission.admit({ callId, leaseMs: 60_000, maxWaitMs: 0, overdial: 1, scopes: limits });
        if (answer.answer !== 'admitted') continue;
        seen.push(++active);
        await admission.renew(callId, 60_000); // others get their turn while this call is held
        active--;
        await admission.release(callId);
      }
    };
    const desks = [coordination, ...others].map(({ admission }) => admission);
    await Promise.all(ids(50, 'worker').map((name, i) => worker(desks[i % 5] ?? coordination.admission, name)));
    expect(Math.max(...seen)).toBe(7);
    expect(await coordination.admission.usage(['account:a', 'campaign:c'])).toEqual(
      new Map(Object.entries({ 'account:a': 0, 'campaign:c': 0 })),
    );
  });

  it('of the fleet is its slots times the overdial', async () => {
    await coordination.fleet.announce({ workerId: 'media', slots: 3 });
    for (const callId of ids(3)) expect(await admit(callId)).toEqual(admitted(0));
    expect(await admit('progressive')).toEqual(full('fleet'));
    expect(await admit('overlap', [], { overdial: 1.5 })).toEqual(admitted(0));
    expect(await admit('beyond', [], { overdial: 1.5 })).toEqual(full('fleet'));
  });

  it('names the scope that is full, and a refusal changes nothing in the others', async () => {
    const limits = [scope('tenant:t', { intervalMs: 1_000 }), scope('campaign:c', { maxConcurrent: 1, intervalMs: 1_000 })];
    expect(await admit('first', limits)).toEqual(admitted(0));
    const before = await dump();
    expect(await admit('second', limits, { maxWaitMs: 60_000 })).toEqual(full('campaign:c'));
    expect(await dump()).toEqual(before);
  });

  it('is free again in all scopes and the fleet when the call is released, though nobody tells its scopes', async () => {
    const limits = ['account:a', 'tenant:t', 'campaign:c', 'number:n', 'country:US'].map((key) => scope(key, { maxConcurrent: 1 }));
    await admit('first', limits);
    expect(await admit('second', limits)).toEqual(full('account:a'));
    expect(await coordination.admission.release('first')).toBe(true);
    expect(await coordination.admission.release('first')).toBe(false);
    expect(await raw.keys(`${keys.leases}*`)).toEqual([]);
    expect(await admit('second', limits)).toEqual(admitted(0));
  });

  it('is free again when the lease of a dead call runs out', async () => {
    const limits = [scope('campaign:c', { maxConcurrent: 1 })];
    await admit('dead', limits);
    for (const key of [keys.slots(EPOCH), keys.scopeLeases(EPOCH, 'campaign:c')]) await raw.zadd(key, 1, 'dead'); // ended in 1970
    expect(await coordination.admission.usage(['campaign:c'])).toEqual(new Map([['campaign:c', 0]]));
    expect(await coordination.admission.renew('dead', 60_000)).toBe(false);
    expect(await admit('next', limits)).toEqual(admitted(0));
  });

  it('leaves nothing behind: all that it writes expires with the lease', async () => {
    await admit('call', [scope('campaign:c', { intervalMs: 1_000 })]);
    await coordination.admission.hold('campaign:c', 5_000, 'breaker');
    await coordination.admission.renew('call', 90_000);
    const ttlOf = (key: string) => raw.pttl(key);
    const leases = await raw.keys(`${keys.leases}*`);
    expect(leases).toHaveLength(3);
    for (const key of leases) expect(await ttlOf(key)).toBeGreaterThan(80_000);
    expect(await ttlOf(`${keys.scopes}campaign:c`)).toBeGreaterThan(4_000);
  });
});

describe('a call that is admitted again', () => {
  it('keeps its place and its instant, and takes no second token', async () => {
    const limits = [scope('campaign:c', { maxConcurrent: 2, intervalMs: 10_000 })];
    await admit('first', limits);
    const [second, before] = [await admit('second', limits, { maxWaitMs: 60_000 }), await startOf('second')];
    expect(second).toMatchObject({ answer: 'admitted', again: false });
    const repeated = await admit('second', limits);
    expect(repeated).toMatchObject({ answer: 'admitted', again: true });
    expect(await startOf('second')).toBe(before);
    expect(await admit('first', limits)).toEqual(admitted(0, true));
    expect(await coordination.admission.usage(['campaign:c'])).toEqual(new Map([['campaign:c', 2]]));
  });

  it('takes a new token when it was released in between', async () => {
    const limits = [scope('campaign:c', { intervalMs: 10_000 })];
    await admit('call', limits);
    await coordination.admission.release('call');
    expect(await admit('call', limits)).toMatchObject({ answer: 'refused', reason: 'too_fast', scope: 'campaign:c' });
  });
});

describe('a rate', () => {
  it('spaces calls by its interval, by the waits that it answers', async () => {
    const limits = [scope('account:a', { intervalMs: 250 })];
    const began = Date.now();
    const answers = await Promise.all(ids(20).map((callId) => admit(callId, limits, { maxWaitMs: 60_000 })));
    const waits = answers.map((answer) => (answer.answer === 'admitted' ? answer.waitMs : NaN));
    expect(Math.max(...waits) + Date.now() - began).toBeGreaterThanOrEqual(19 * 250);
    const starts = await startsOf(ids(20));
    expect(starts.slice(1).map((start, i) => start - (starts[i] ?? 0))).toEqual(Array<number>(19).fill(250));
  });

  it('lets a burst start at once, then spaces', async () => {
    const limits = [scope('account:a', { intervalMs: 1_000, burst: 3 })];
    await Promise.all(ids(7).map((callId) => admit(callId, limits, { maxWaitMs: 60_000 })));
    const starts = await startsOf(ids(7));
    const first = starts[0] ?? 0;
    expect(starts[2]).toBeLessThan(first + 500);
    expect(starts.slice(3)).toEqual([1, 2, 3, 4].map((n) => first + n * 1_000));
  });

  it('refuses what would have to wait too long, and tells when to come again', async () => {
    const limits = [scope('account:a', { intervalMs: 5_000 }), scope('number:n', { intervalMs: 10_000 })];
    await admit('first', limits);
    const before = await dump();
    const answer = await admit('second', limits, { maxWaitMs: 2_000 });
    expect(answer).toMatchObject({ answer: 'refused', reason: 'too_fast', scope: 'number:n' });
    const { retryAfterMs } = answer as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThan(7_000);
    expect(retryAfterMs).toBeLessThanOrEqual(8_000);
    expect(await dump()).toEqual(before);
  });

  it('of a slow caller number does not hold up the calls of others on the account', async () => {
    const account = scope('account:a', { intervalMs: 100 });
    const slow = [account, scope('number:slow', { intervalMs: 20_000 })];
    const wish = { maxWaitMs: 60_000 };
    const calls = { 'slow-1': slow, 'slow-2': slow, 'other-1': [account], 'other-2': [account] };
    await Promise.all(Object.entries(calls).map(([callId, scopes]) => admit(callId, scopes, wish)));
    const [first = 0, ...rest] = await startsOf(['slow-1', 'other-1', 'other-2', 'slow-2']);
    expect(rest).toEqual([first + 100, first + 200, first + 20_000]);
  });

  it('holds in each scope of calls that have several: n of them take (n − burst) × interval or longer', async () => {
    const rates = [
      { key: 'account:a', intervalMs: 25, burst: 1 },
      { key: 'tenant:t', intervalMs: 40, burst: 3 },
      { key: 'campaign:c', intervalMs: 90, burst: 1 },
      { key: 'number:n', intervalMs: 70, burst: 2 },
    ];
    const of = (i: number) => rates.filter((_, r) => r === 0 || (i * 7 + r * 3) % (r + 2) === 0);
    const calls = ids(200);
    const wish = { maxWaitMs: 600_000 };
    await Promise.all(
      calls.map((callId, i) =>
        admit(
          callId,
          of(i).map(({ key, ...rate }) => scope(key, rate)),
          wish,
        ),
      ),
    );
    for (const rate of rates) {
      const starts = await startsOf(calls.filter((_, i) => of(i).includes(rate)));
      starts.sort((a, b) => a - b);
      expect(starts.length).toBeGreaterThan(20);
      for (const [i, from] of starts.entries())
        for (const [n, to] of starts.slice(i).entries()) expect(to - from).toBeGreaterThanOrEqual((n + 1 - rate.burst) * rate.intervalMs);
    }
  });

  it('that is raised counts at once, though the old one had let calls wait long', async () => {
    await admit('first', [scope('campaign:c', { intervalMs: 600_000 })]);
    expect(await admit('second', [scope('campaign:c', { intervalMs: 50 })], { maxWaitMs: 50 })).toMatchObject({ answer: 'admitted' });
  });
});

describe('a scope that is held', () => {
  it('admits nobody until the hold ends, not even a call that was admitted before', async () => {
    const limits = [scope('account:a'), scope('number:n')];
    await admit('before', limits);
    expect(await coordination.admission.hold('number:n', 30_000, '429')).toBe(30_000);
    for (const callId of ['before', 'after']) {
      const answer = await admit(callId, limits);
      expect(answer).toMatchObject({ answer: 'refused', reason: 'held', scope: 'number:n', holdReason: '429' });
      expect((answer as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(20_000);
    }
    expect(await admit('elsewhere', [scope('account:a')])).toEqual(admitted(0));
    await raw.hset(`${keys.scopes}number:n`, 'held_until', 1); // ended in 1970
    expect(await admit('after', limits)).toEqual(admitted(0));
    expect(await coordination.admission.held(['number:n'])).toEqual(new Map());
  });

  it('stays so by the longest of its holds', async () => {
    const { admission } = coordination;
    await admission.hold('account:a', 60_000, 'breaker');
    expect(await admission.hold('account:a', 1_000, '429')).toBeGreaterThan(50_000);
    const held = await admission.held(['account:a', 'tenant:t']);
    expect([...held.keys()]).toEqual(['account:a']);
    expect(held.get('account:a')?.reason).toBe('breaker');
  });
});
