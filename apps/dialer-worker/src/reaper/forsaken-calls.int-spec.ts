import { appendMessages, bindMediaEpoch, listOverdueCalls, noteLineLost } from '@carillon/store';
import type { DialerStage } from '../testing/dialer-stage.js';
import { stageEachTest } from '../testing/stage-each-test.js';
import { createReapOverdueCalls } from './reap-overdue-calls.js';

const tenantId = 'default';

let stage: DialerStage;
stageEachTest((opened) => {
  stage = opened;
});

/** Somebody talks with a media worker. */
async function talkingWith(holderId: string): Promise<string> {
  await stage.campaign(['+14155550100']);
  await stage.turn();
  const [call] = await stage.calls();
  if (!call) throw new Error('nobody was called');
  await stage.store.prisma.call.update({ where: { id: call.id }, data: { maxCallMs: 900_000 } });
  await stage.tell(call.id, { type: 'answered' });
  const epoch = await takenBy(holderId, call.id);
  await bindMediaEpoch(stage.store, { tenantId, callId: call.id, epoch });
  return call.id;
}

const takenBy = (workerId: string, callId: string) =>
  stage.coordination.calls.bind({ tenantId, callId, workerId, expiryMs: 600_000, knownEpoch: 0 });

const beat = (holderId: string) => stage.coordination.fleet.announce({ workerId: `place of ${holderId}`, slots: 20, holderId });

/** So many seconds pass, with a run of the reaper every five; the workers named live. */
async function pass(seconds: number, ...alive: string[]): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 5) {
    stage.advance(5_000);
    for (const holder of alive) await beat(holder);
    await stage.reap();
  }
}

const row = async (id: string) => stage.store.prisma.call.findUniqueOrThrow({ where: { id } });

describe('a call whose media worker died without a word', () => {
  it('is hung up when that worker has been silent for 30 s, though another one started in its place', async () => {
    const id = await talkingWith('first');
    await beat('first');
    await stage.reap();
    await stage.coordination.fleet.withdraw('place of first');
    await pass(25, 'second');
    expect(stage.carrier.hungUp).toEqual([]);
    await pass(10, 'second');
    expect(new Set(stage.carrier.hungUp)).toEqual(new Set([stage.carrier.connectionOf(id)]));
    expect(await row(id)).toMatchObject({ endedBy: 'line_lost' });
    expect(await stage.metric('carillon_calls_dropped_total')).toBe(1);
    await pass(50, 'second');
    expect(await row(id)).toMatchObject({ state: 'answered' });
    await pass(20, 'second'); // of whose end the carrier tells nothing
    expect(await row(id)).toMatchObject({ state: 'ended' });
  });

  it('goes on with the worker that took it, also while Postgres does not know of that one yet', async () => {
    const id = await talkingWith('first');
    await beat('first');
    await takenBy('second', id);
    await pass(50, 'second');
    expect(stage.carrier.hungUp).toEqual([]);
  });

  it('is hung up also where the next worker dies before Postgres learns of it', async () => {
    const id = await talkingWith('first');
    await stage.mediaCloses(id, { exchanges: 1, agentClosed: false });
    await takenBy('second', id);
    await beat('second');
    await pass(30, 'third');
    expect(stage.carrier.hungUp).toEqual([]);
    await pass(10, 'third');
    expect(stage.carrier.hungUp).toContain(stage.carrier.connectionOf(id));
  });
});

describe('a call whose media worker lives', () => {
  it('goes on for as long as the worker beats, or was only frozen', async () => {
    await talkingWith('slow');
    await beat('slow');
    await pass(25);
    await beat('slow');
    await pass(25);
    await pass(30, 'slow');
    expect(stage.carrier.hungUp).toEqual([]);
  });

  it('goes on though Redis was lost, with its owner', async () => {
    await talkingWith('first');
    await beat('first');
    await pass(20);
    await stage.loseRedis();
    await pass(50, 'first');
    expect(stage.carrier.hungUp).toEqual([]);
  });

  it('goes on though Redis is an older copy of itself, which knows only the worker before', async () => {
    const id = await talkingWith('first');
    await beat('first');
    await bindMediaEpoch(stage.store, { tenantId, callId: id, epoch: 2 });
    await pass(50, 'second');
    expect(stage.carrier.hungUp).toEqual([]);
  });

  it('goes on where only its worker is cut off from Redis, and writes what is said', async () => {
    const id = await talkingWith('cut off');
    await beat('cut off');
    for (const seq of [0, 1, 2]) {
      const message = { action: 'talk', persona: 'human', content: 'Hello?', style: 'none', toolCalls: [] } as const;
      await appendMessages(stage.store, { tenantId, callId: id, epoch: 1 }, [{ ...message, toolCalls: [], seq, createdAt: stage.now }]);
      await pass(20);
    }
    expect(stage.carrier.hungUp).toEqual([]);
    await pass(65); // its agent says something long, which is written when it has been said
    expect(stage.carrier.hungUp).toEqual([]);
    await pass(15);
    expect(stage.carrier.hungUp).toContain(stage.carrier.connectionOf(id));
    expect(await row(id)).toMatchObject({ state: 'answered' }); // the carrier has time to tell of its end, however long the worker was silent
  });
});

describe('a call that its media worker gave away in writing', () => {
  const givenAway = async () => {
    const id = await talkingWith('first');
    await stage.mediaCloses(id, { exchanges: 1, agentClosed: false });
    stage.advance(40_000);
    return id;
  };

  it('is not hung up where Redis knows the next one, and Postgres will in a moment', async () => {
    const id = await givenAway();
    const epoch = await takenBy('second', id);
    await stage.reap();
    expect(stage.carrier.hungUp).toEqual([]);
    await bindMediaEpoch(stage.store, { tenantId, callId: id, epoch });
    await stage.reap();
    expect(await row(id)).toMatchObject({ endedBy: null, mediaEpoch: 2 });
  });

  it('is hung up also while Redis is away', async () => {
    const id = await givenAway();
    const asked: string[] = [];
    const calls = { owners: () => Promise.reject(new Error('Redis is away')) };
    const hangUp = (call: { callId: string }) => Promise.resolve(asked.push(call.callId) > 0);
    await createReapOverdueCalls({ store: stage.store, calls, hangUp, now: () => stage.now }).run();
    expect(asked).toEqual([id]);
  });

  it('is no lost line any more once somebody has taken it, though it was found as one', async () => {
    const id = await givenAway();
    const [found] = await listOverdueCalls(stage.store, { now: stage.now, graceMs: 30_000, lostMs: 30_000 }, 10);
    if (found?.reason !== 'line_lost') throw new Error('it was not found');
    await bindMediaEpoch(stage.store, { tenantId, callId: id, epoch: 2 });
    expect(await noteLineLost(stage.store, found, stage.now)).toBe('not_lost');
    expect(await row(id)).toMatchObject({ endedBy: null });
  });
});
