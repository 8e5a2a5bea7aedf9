import { randomUUID } from 'node:crypto';
import type { CallContext, LiveEvent } from '@carillon/contracts';
import { createFleet } from './fleet.js';
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
const open = (): Coordination => openCoordination({ redisUrl, name: 'test', prefix, onError: fail });

let coordination: Coordination;
beforeEach(async () => {
  coordination = open();
  await forgetAll();
  await coordination.admission.rebuild({ epoch: 1, calls: [] });
});
afterEach(() => coordination.close());
afterAll(async () => {
  await forgetAll();
  raw.disconnect();
});

async function forgetAll() {
  const found = await raw.keys(`${prefix}:*`);
  if (found.length > 0) await raw.del(...found);
}

const context = (callId: string, tenantId = 'default'): CallContext => ({
  tenantId,
  callId,
  conversationId: randomUUID(),
  campaignId: null,
  phoneE164: '+14155550100',
  initiate: {
    bot_company: 'Contoso',
    bot_name: 'Amélie',
    task: 'Help',
    agent_phone_number: '+14155550199',
    claim: [],
    lang: { default_short_code: 'en-US', availables: [] },
    prosody_rate: 1,
  },
  variables: {},
  claim: {},
  history: [],
  maxCallMs: 60_000,
  traceparent: null,
});

describe('slots of the fleet', () => {
  const ADMITTED = { answer: 'admitted', again: false };
  const FULL = { answer: 'refused', reason: 'full', scope: 'fleet' };
  /** To the fleet alone. */
  const admit = (callId: string) => coordination.admission.admit({ callId, leaseMs: 60_000, maxWaitMs: 0, overdial: 1, scopes: [] });

  it('are as many as the live media workers take together', async () => {
    const { admission, fleet } = coordination;
    await fleet.announce({ workerId: 'a', slots: 2 });
    await fleet.announce({ workerId: 'b', slots: 1 });
    expect(await fleet.countSlots()).toEqual({ capacity: 3, held: 0, free: 3 });
    for (const callId of ['1', '2', '3']) expect(await admit(callId)).toMatchObject(ADMITTED);
    expect(await admit('4')).toMatchObject(FULL);
    expect(await admission.release('2')).toBe(true);
    expect(await admission.release('2')).toBe(false);
    expect(await admit('4')).toMatchObject(ADMITTED);
  });

  it('are held by call: a repeated reservation takes no second one, not even in a full fleet', async () => {
    const { fleet } = coordination;
    await fleet.announce({ workerId: 'a', slots: 1 });
    expect(await admit('1')).toMatchObject(ADMITTED);
    expect(await admit('1')).toMatchObject({ answer: 'admitted', again: true });
    expect(await fleet.countSlots()).toEqual({ capacity: 1, held: 1, free: 0 });
  });

  it('are not there when no registry is: a flushed Redis stops dialing', async () => {
    const { fleet } = coordination;
    expect(await admit('1')).toMatchObject(FULL);
    expect(await fleet.countSlots()).toEqual({ capacity: 0, held: 0, free: 0 });
  });

  it('free themselves when a lease runs out, and cannot be renewed after that', async () => {
    const { admission, fleet } = coordination;
    await fleet.announce({ workerId: 'a', slots: 1 });
    await admit('dead');
    await raw.zadd(keys.slots(1), 1, 'dead'); // as if its lease had ended in 1970
    expect(await admission.renew('dead', 60_000)).toBe(false);
    expect(await fleet.countSlots()).toEqual({ capacity: 1, held: 0, free: 1 });
    expect(await admit('1')).toMatchObject(ADMITTED);
    expect(await admission.renew('1', 90_000)).toBe(true);
  });

  it('vanish with a media worker that missed its heartbeats, and the next heartbeat of another forgets it', async () => {
    const { fleet } = coordination;
    await fleet.announce({ workerId: 'gone', slots: 50 });
    await raw.zadd(keys.mediaWorkers, 1, 'gone');
    expect((await fleet.countSlots()).capacity).toBe(0);
    await fleet.announce({ workerId: 'here', slots: 5 });
    expect(await raw.hkeys(keys.mediaWorkerSlots)).toEqual(['here']);
    await fleet.withdraw('here');
    expect((await fleet.countSlots()).capacity).toBe(0);
  });

  it('are one thing, who holds calls another: of a worker that started again in its place, the process before it has gone', async () => {
    const { fleet, calls } = coordination;
    expect(await fleet.lastHeartbeats()).toEqual(new Map());
    await fleet.announce({ workerId: 'host:1', slots: 5, holderId: 'before' });
    const [before] = await fleet.lastHeartbeats();
    await fleet.announce({ workerId: 'host:1', slots: 5, holderId: 'after' });
    await fleet.withdraw('host:1');
    const beats = await fleet.lastHeartbeats();
    expect([...beats.keys()].sort()).toEqual(['after', 'before']);
    expect(beats.get('before')).toBe(before?.[1]);
    await raw.zadd(keys.callHolders, 1, 'of last year');
    await fleet.announce({ workerId: 'host:1', slots: 5, holderId: 'after' });
    expect((await fleet.lastHeartbeats()).has('of last year')).toBe(false);
    await calls.bind({ tenantId: 'default', callId: 'held', workerId: 'after', expiryMs: 60_000, knownEpoch: 3 });
    const named = ['unheard', 'held'].map((callId) => ({ tenantId: 'default', callId }));
    expect(await calls.owners(named)).toEqual([null, { epoch: 4, workerId: 'after' }]);
  });

  it('are looked at only where Redis takes writes: one that takes none hears no heartbeat, and still answers what it knew', async () => {
    const [user, key] = [`reader-${prefix}`, keys.callHolders];
    await raw.call('ACL', 'SETUSER', user, 'on', 'nopass', '~*', '+@all', '-@write');
    const reader = raw.duplicate({ username: user, password: 'any' });
    try {
      expect(await reader.zrange(key, '0', '-1')).toEqual([]);
      await expect(createFleet(reader, keys).lastHeartbeats()).rejects.toThrow('NOPERM');
    } finally {
      reader.disconnect();
      await raw.call('ACL', 'DELUSER', user);
    }
  });

  it('tell where workers with room are, for those who have none', async () => {
    const { fleet } = coordination;
    const peer = { url: 'http://10.0.0.7:8091', room: 3 };
    await fleet.announce({ workerId: 'a', slots: 5, peer });
    await fleet.announce({ workerId: 'b', slots: 5 });
    expect(await fleet.peers()).toEqual([{ workerId: 'a', ...peer }]);
    await raw.zadd(keys.mediaWorkers, 1, 'a'); // it missed its heartbeats
    await fleet.announce({ workerId: 'b', slots: 5, peer: { ...peer, room: 0 } });
    expect(await fleet.peers()).toEqual([{ workerId: 'b', ...peer, room: 0 }]);
    await fleet.announce({ workerId: 'b', slots: 5 });
    expect(await fleet.peers()).toEqual([]);
  });

  it('are never fewer than none when a worker leaves its calls behind', async () => {
    const { fleet } = coordination;
    await fleet.announce({ workerId: 'a', slots: 1 });
    await admit('1');
    await fleet.withdraw('a');
    expect(await fleet.countSlots()).toEqual({ capacity: 0, held: 1, free: 0 });
  });

  it('tell which calls hold them', async () => {
    const { fleet } = coordination;
    await fleet.announce({ workerId: 'a', slots: 1_200 });
    const calls = Array.from({ length: 1_100 }, (_, i) => `call-${i}`);
    await Promise.all(calls.map(admit));
    const held = new Set<string>();
    for await (const page of fleet.heldCalls()) for (const callId of page) held.add(callId);
    expect(held).toEqual(new Set(calls));
  });
});

describe('the desk of a call', () => {
  it('keeps the context until it expires, each tenant its own', async () => {
    const { calls } = coordination;
    const mine = context('c1');
    await calls.putContext(mine, 60_000);
    expect(await calls.getContext(mine)).toEqual(mine);
    expect(await calls.getContext({ tenantId: 'other', callId: 'c1' })).toBeNull();
    expect(await raw.pttl(keys.callContext('default', 'c1'))).toBeGreaterThan(50_000);
    await calls.dropContext(mine);
    expect(await calls.getContext(mine)).toBeNull();
  });

  it('gives each media worker that binds the call the next epoch', async () => {
    const { calls } = coordination;
    const call = { tenantId: 'default', callId: 'c2' };
    expect(await calls.owner(call)).toBeNull();
    expect(await calls.bind({ ...call, workerId: 'a', expiryMs: 60_000, knownEpoch: 0 })).toBe(1);
    expect(await calls.bind({ ...call, workerId: 'b', expiryMs: 60_000, knownEpoch: 1 })).toBe(2);
    expect(await calls.owner(call)).toEqual({ epoch: 2, workerId: 'b' });
  });

  it('never hands out an epoch twice, though Redis was lost in between', async () => {
    const { calls } = coordination;
    const call = { tenantId: 'default', callId: 'c3' };
    expect(await calls.bind({ ...call, workerId: 'b', expiryMs: 60_000, knownEpoch: 7 })).toBe(8);
  });
});

describe('live events', () => {
  const ringing = (tenantId: string): LiveEvent => ({
    tenantId,
    at: '2026-01-01T00:00:00Z',
    type: 'call.ringing',
    callId: 'c',
    campaignId: null,
  });

  it('reach every listener of the tenant and nobody of another one', async () => {
    const other = open();
    const heard: LiveEvent[] = [];
    const arrived = new Promise<void>((resolve) => {
      void coordination.live.subscribe('default', () => resolve()).then(() => other.live.publish(ringing('default')));
    });
    await coordination.live.subscribe('other', (event) => heard.push(event));
    await arrived;
    expect(heard).toEqual([]);
    await other.close();
  });

  it('stop when the listener leaves', async () => {
    const heard: string[] = [];
    const leave = await coordination.live.subscribe('default', () => heard.push('left too late'));
    await leave();
    await coordination.live.publish(ringing('default'));
    const arrived = new Promise<void>((resolve) => {
      void coordination.live.subscribe('default', () => resolve()).then(() => coordination.live.publish(ringing('default')));
    });
    await arrived;
    expect(heard).toEqual([]);
  });
});
