import { randomUUID } from 'node:crypto';
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
const coordination: Coordination = openCoordination({ redisUrl, name: 'test', prefix, onError: fail });

afterAll(async () => {
  await coordination.close();
  const found = await raw.keys(`${prefix}:*`);
  if (found.length > 0) await raw.del(...found);
  raw.disconnect();
});

describe('the snapshot of a call', () => {
  const { calls } = coordination;
  let calling = 0;
  const newCall = () => ({ tenantId: 'default', callId: `c${(calling += 1)}` });
  const bind = (call: { tenantId: string; callId: string }, workerId: string) =>
    calls.bind({ ...call, workerId, expiryMs: 60_000, knownEpoch: 0 });

  it('is what its owner kept last, for as long as the call may last', async () => {
    const call = newCall();
    expect(await calls.getSnapshot(call)).toBeNull();
    const epoch = await bind(call, 'a');
    expect(await calls.keepSnapshot({ ...call, epoch }, 'first', 60_000)).toBe(true);
    expect(await calls.keepSnapshot({ ...call, epoch }, 'second', 60_000)).toBe(true);
    expect(await calls.getSnapshot(call)).toBe('second');
    expect(await raw.pttl(keys.callSnapshot(call.tenantId, call.callId))).toBeGreaterThan(50_000);
    expect(await calls.getSnapshot({ ...call, tenantId: 'other' })).toBeNull();
  });

  it('is safe from a worker that was frozen: once another one has the call, the older can neither change nor drop it', async () => {
    const call = newCall();
    const older = { ...call, epoch: await bind(call, 'a') };
    await calls.keepSnapshot(older, 'of a', 60_000);
    const newer = { ...call, epoch: await bind(call, 'b') };
    expect(await calls.keepSnapshot(older, 'woken up', 60_000)).toBe(false);
    expect(await calls.dropSnapshot(older)).toBe(false);
    expect(await calls.getSnapshot(call)).toBe('of a'); // what b begins with
    expect(await calls.keepSnapshot(newer, 'of b', 60_000)).toBe(true);
    expect(await calls.dropSnapshot(newer)).toBe(true);
    expect(await calls.getSnapshot(call)).toBeNull();
  });

  it('is kept again after Redis was lost, and the newer of two owners wins', async () => {
    const call = newCall();
    const older = { ...call, epoch: await bind(call, 'a') };
    const newer = { ...call, epoch: await bind(call, 'b') };
    await raw.del(keys.callOwner(call.tenantId, call.callId));
    expect(await calls.keepSnapshot(newer, 'of b', 60_000)).toBe(true);
    expect(await calls.keepSnapshot(older, 'woken up', 60_000)).toBe(false);
    expect(await calls.getSnapshot(call)).toBe('of b');
  });
});

describe('a call whose phone is about to ring', () => {
  it('is heard of by every media worker, once its context lies ready', async () => {
    const other = openCoordination({ redisUrl, name: 'test', prefix, onError: fail });
    const initiate = { bot_company: 'A', bot_name: 'B', task: 'C', agent_phone_number: '+14155550100', claim: [], prosody_rate: 1 };
    const context = {
      ...{ tenantId: 'default', callId: 'ringing', conversationId: 'x', campaignId: 'campaign', phoneE164: '+14155550123' },
      ...{ initiate: { ...initiate, lang: { default_short_code: 'en-US', availables: [] } }, variables: {}, claim: {}, history: [] },
      ...{ maxCallMs: 60_000, traceparent: null },
    };
    const heard = new Promise(
      (resolve) => void other.calls.onRinging((call) => resolve(call)).then(() => coordination.calls.putContext(context, 60_000)),
    );
    expect(await heard).toEqual({ tenantId: 'default', callId: 'ringing' });
    expect(await other.calls.getContext(context)).toEqual(context);
    await other.close();
  });
});

describe('a call that the carrier does not put through', () => {
  it('is told to every media worker, one of which has it; those whose phone rings are another matter', async () => {
    const other = openCoordination({ redisUrl, name: 'test', prefix, onError: fail });
    const ringing: string[] = [];
    await other.calls.onRinging(({ callId }) => void ringing.push(callId));
    const heard = new Promise(
      (resolve) =>
        void other.calls.onTransferFailed(resolve).then(() => coordination.calls.tellTransferFailed({ tenantId: 'a', callId: 'c' })),
    );
    expect(await heard).toEqual({ tenantId: 'a', callId: 'c' });
    expect(ringing).toEqual([]);
    await other.close();
  });
});

describe('the circuits that all processes share', () => {
  it('say for how much longer a provider is to be left alone, by the clock of Redis', async () => {
    const other = openCoordination({ redisUrl, name: 'test', prefix, onError: fail });
    expect(await other.circuits.get('llm:fast')).toBe(0);
    await coordination.circuits.set('llm:fast', 5_000.4);
    const left = await other.circuits.get('llm:fast');
    expect(left).toBeGreaterThan(3_000);
    expect(left).toBeLessThanOrEqual(5_001);
    expect(await other.circuits.get('tts:first')).toBe(0);
    await other.circuits.set('llm:fast', 0);
    expect(await coordination.circuits.get('llm:fast')).toBe(0);
    await other.close();
  });
});
