import { randomUUID } from 'node:crypto';
import { openTestDatabase, type TestDatabase } from '@carillon/testing';
import { bindMediaEpoch } from '../media/bind-media-epoch.sql.js';
import { closeMedia } from '../media/close-media.js';
import type { Store } from '../open-store.js';
import { applyCallFact } from './apply-call-fact.js';
import { completeCampaigns } from './campaign-end.sql.js';
import { claimContacts, placesOf, type ClaimedCall } from './claim-contacts.sql.js';
import { countUnaccountedContacts } from './count-unaccounted.sql.js';
import { findLedgerCall } from './ledger-call.js';
import { claimRepeats, giveUpDialing, listLapsedReservations, listOverdueCalls, listSlotsToFree } from './reaper.sql.js';
import { releaseCall } from './release-call.sql.js';
import { listOpenCalls, listRunningCampaigns } from './running-campaigns.sql.js';
import { startDialing, type DialStart } from './start-dialing.sql.js';
import { wrapUpCall } from './wrap-up-call.sql.js';

const NOW = new Date('2026-03-02T09:00:00Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);
const tenantId = 'default';

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await openTestDatabase();
  store = database.store;
});
afterAll(() => database.close());

/** A running campaign with these phones; answers its id. */
async function campaignOf(phones: readonly string[], overrides: { maxConcurrent?: number } = {}): Promise<string> {
  const campaignId = randomUUID();
  const importId = randomUUID();
  const base = { tenantId, campaignId };
  await store.prisma.campaign.create({
    data: {
      ...{ id: campaignId, tenantId, name: 'spring', policies: ['none'], defaultRegion: 'US', initiate: {}, status: 'running' as const },
      ...{ maxConcurrent: overrides.maxConcurrent ?? 10, ringTimeoutMs: 30_000, maxCallMs: 60_000, startedAt: NOW },
    },
  });
  await store.prisma.contactImport.create({
    data: { id: importId, ...base, state: 'done', total: phones.length, imported: phones.length },
  });
  const bucket = await store.prisma.contactBucket.create({
    data: { ...base, key: 'US||UTC|', country: 'US', regions: [], timeZones: ['UTC'] },
  });
  await store.prisma.contact.createMany({
    data: phones.map((phoneE164) => ({ ...base, importId, bucketId: bucket.id, phoneE164, variables: {}, nextAt: NOW })),
  });
  return campaignId;
}

const claim = async (campaignId: string, limit = 50, now = NOW): Promise<ClaimedCall[]> => {
  const buckets = await store.prisma.contactBucket.findMany({ where: { campaignId }, select: { id: true } });
  const times = {
    now,
    chargedOn: new Date('2026-01-05'),
    leaseUntil: new Date(now.getTime() + 15_000),
    busyUntil: new Date(now.getTime() + 30_000),
  };
  const { calls } = await claimContacts(store, {
    tenantId,
    campaignId,
    limit,
    places: placesOf(
      buckets.map(({ id }) => id),
      limit,
    ),
    caps: [],
    ...times,
  });
  return calls;
};

let lastPhone = 0;
const phones = (count: number) => Array.from({ length: count }, () => `+1415555${String(++lastPhone).padStart(4, '0')}`);
const first = (calls: ClaimedCall[]): ClaimedCall => {
  const [call] = calls;
  if (!call) throw new Error('no call was claimed');
  return call;
};
const startOne = async (start: DialStart) => (await startDialing(store, [start])).has(start.callId);
const dial = (call: ClaimedCall, now = NOW) =>
  startOne({
    tenantId: call.tenantId,
    callId: call.callId,
    repeatabilityId: randomUUID(),
    epoch: 1,
    decision: {},
    now,
    leaseUntil: new Date(now.getTime() + 30_000),
  });
const contactsOf = (campaignId: string) => store.prisma.contact.findMany({ where: { campaignId }, orderBy: { id: 'asc' } });
const stateOf = async (call: ClaimedCall) => (await findLedgerCall(store, call))?.state;

describe('claiming', () => {
  it('takes due contacts and writes person, conversation and call for each', async () => {
    const campaignId = await campaignOf(phones(3));
    const calls = await claim(campaignId, 2);
    expect(calls).toHaveLength(2);
    expect((await contactsOf(campaignId)).map(({ state }) => state)).toEqual(['reserved', 'reserved', 'waiting']);
    const call = await findLedgerCall(store, first(calls));
    expect(call).toMatchObject({ state: 'reserved', campaignId, ringTimeoutMs: 30_000, maxCallMs: 60_000, notAfter: later(15_000) });
    expect(await store.prisma.inFlight.count({ where: { callId: { in: calls.map(({ callId }) => callId) } } })).toBe(2);
    expect(await listRunningCampaigns(store, NOW)).toContainEqual(expect.objectContaining({ tenantId, campaignId, maxConcurrent: 10 }));
    expect(await listOpenCalls(store, NOW, [campaignId])).toContainEqual(
      expect.objectContaining({ campaignId, reserved: 2, talking: 0, ringing: 0, ringingMs: [] }),
    );
  });

  it('never gives one contact to two claims at once', async () => {
    const campaignId = await campaignOf(phones(40));
    const claims = await Promise.all(Array.from({ length: 4 }, () => claim(campaignId, 20)));
    const callIds = claims.flat().map(({ callId }) => callId);
    expect(callIds).toHaveLength(40);
    expect(await store.prisma.call.count({ where: { campaignId } })).toBe(40);
    expect(await claim(campaignId)).toEqual([]);
  });

  it('leaves alone whoever is in a call of another campaign, and looks again later', async () => {
    const [shared = '', own = ''] = phones(2);
    const [one, two] = [await campaignOf([shared]), await campaignOf([shared, own])];
    const [calls] = await Promise.all([claim(one)]);
    expect(calls).toHaveLength(1);
    expect(await claim(two)).toHaveLength(1);
    const [postponed] = await contactsOf(two);
    expect(postponed).toMatchObject({ phoneE164: shared, state: 'waiting', nextAt: later(30_000), attempts: 0 });
    expect(await claim(two)).toEqual([]);
  });

  it('gives one person to one of two campaigns that claim at the same time', async () => {
    const numbers = phones(10);
    const [one, two] = [await campaignOf(numbers), await campaignOf([...numbers].reverse())];
    const claimed = (await Promise.all([claim(one), claim(two)])).flat();
    expect(claimed).toHaveLength(10);
  });

  it('waits for contacts that are not due', async () => {
    const campaignId = await campaignOf(phones(1));
    expect(await claim(campaignId, 50, new Date(NOW.getTime() - 1))).toEqual([]);
  });
});

describe('the last look before a phone is dialed', () => {
  it('charges the attempt once', async () => {
    const campaignId = await campaignOf(phones(1));
    const call = first(await claim(campaignId));
    expect(await dial(call)).toBe(true);
    expect(await dial(call)).toBe(false);
    expect(await contactsOf(campaignId)).toMatchObject([{ state: 'in_flight', attempts: 1 }]);
  });

  it('lets only one of many through', async () => {
    const call = first(await claim(await campaignOf(phones(1))));
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => dial(call)));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
  });

  it('refuses when the lease ran out: a dialer that was frozen must not dial', async () => {
    const call = first(await claim(await campaignOf(phones(1))));
    expect(await dial(call, later(15_001))).toBe(false);
  });

  it('refuses when the campaign was paused meanwhile', async () => {
    const campaignId = await campaignOf(phones(1));
    const call = first(await claim(campaignId));
    await store.prisma.campaign.update({ where: { id: campaignId }, data: { status: 'paused' } });
    expect(await dial(call)).toBe(false);
    expect(await stateOf(call)).toBe('reserved');
  });
});

describe('a call that was provably never placed', () => {
  it('goes back to waiting with nothing charged, and its next call is a new attempt', async () => {
    const campaignId = await campaignOf(phones(1));
    const call = first(await claim(campaignId));
    await dial(call);
    expect(await releaseCall(store, { ...call, from: 'dialing', nextAt: later(5_000), now: NOW })).toBe(true);
    expect(await releaseCall(store, { ...call, from: 'dialing', nextAt: later(5_000), now: NOW })).toBe(false);
    expect(await contactsOf(campaignId)).toMatchObject([{ state: 'waiting', attempts: 0, nextAt: later(5_000) }]);
    expect(await claim(campaignId)).toEqual([]);
    const again = first(await claim(campaignId, 50, later(5_000)));
    expect(await store.prisma.call.findUnique({ where: { id: again.callId } })).toMatchObject({ attemptNo: 2, state: 'reserved' });
  });

  it('is final when its campaign was cancelled meanwhile', async () => {
    const campaignId = await campaignOf(phones(1));
    const call = first(await claim(campaignId));
    await store.prisma.campaign.update({ where: { id: campaignId }, data: { status: 'cancelled' } });
    await releaseCall(store, { ...call, from: 'reserved', nextAt: NOW, now: NOW });
    expect(await contactsOf(campaignId)).toMatchObject([{ state: 'final', disposition: 'cancelled', attempts: 0 }]);
  });

  it('is not released once it is sent', async () => {
    const call = first(await claim(await campaignOf(phones(1))));
    await dial(call);
    expect(await releaseCall(store, { ...call, from: 'reserved', nextAt: NOW, now: NOW })).toBe(false);
    expect(await stateOf(call)).toBe('dialing');
  });
});

describe('what the carrier tells', () => {
  const sent = async () => {
    const campaignId = await campaignOf(phones(1));
    const call = first(await claim(campaignId));
    await dial(call);
    return { campaignId, call };
  };
  const end = { result: { code: 200, subCode: 560000, message: 'hung up' }, endedBy: 'callee' };

  it('moves the call on, in whatever order it comes', async () => {
    const { call } = await sent();
    await applyCallFact(store, { ...call, fact: 'answered', at: later(2_000), connectionId: 'c' });
    const placed = await applyCallFact(store, { ...call, fact: 'placed', at: later(2_500), connectionId: 'c' });
    expect(placed).toMatchObject({ moved: false, secondConnection: false });
    await applyCallFact(store, { ...call, fact: 'ended', at: later(9_000), connectionId: 'c', end });
    const again = await applyCallFact(store, { ...call, fact: 'ended', at: later(9_999), connectionId: 'c', end: { endedBy: 'carrier' } });
    expect(again).toMatchObject({
      moved: false,
      call: { state: 'ended', answeredAt: later(2_000), endedAt: later(9_000), endedBy: 'callee', result: end.result, carrierCallId: 'c' },
    });
  });

  it('tells of an answer even when the end overtook it', async () => {
    const { call } = await sent();
    await applyCallFact(store, { ...call, fact: 'ended', at: later(9_000), connectionId: 'c', end });
    const late = await applyCallFact(store, { ...call, fact: 'answered', at: later(2_000), connectionId: 'c' });
    expect(late).toMatchObject({ moved: false, call: { state: 'ended', answeredAt: later(2_000) } });
  });

  it('names a second connection for what it is and changes nothing', async () => {
    const { call } = await sent();
    await applyCallFact(store, { ...call, fact: 'placed', at: NOW, connectionId: 'one' });
    expect(await applyCallFact(store, { ...call, fact: 'answered', at: NOW, connectionId: 'two' })).toMatchObject({
      secondConnection: true,
      call: { state: 'ringing', carrierCallId: 'one', answeredAt: null },
    });
  });

  it('brings back a contact whose call nobody knew about', async () => {
    const { campaignId, call } = await sent();
    await applyCallFact(store, { ...call, fact: 'unclear', at: NOW, leaseUntil: later(5_000) });
    expect(await contactsOf(campaignId)).toMatchObject([{ state: 'reconciling' }]);
    await applyCallFact(store, { ...call, fact: 'answered', at: later(1_000), connectionId: 'c' });
    expect(await contactsOf(campaignId)).toMatchObject([{ state: 'in_flight' }]);
    expect(await stateOf(call)).toBe('answered');
  });
});

describe('the wrap-up', () => {
  it('happens once, frees the person and completes the campaign with its last contact', async () => {
    const campaignId = await campaignOf(phones(2));
    const calls = await claim(campaignId);
    const wrapUp = async (call: ClaimedCall) => {
      await dial(call);
      await applyCallFact(store, { ...call, fact: 'ended', at: later(1_000), connectionId: call.callId });
      const end = { disposition: 'busy', contact: { state: 'final' }, costMicros: 0, now: later(2_000) } as const;
      return Promise.all([wrapUpCall(store, call, end), wrapUpCall(store, call, end)]);
    };
    expect((await wrapUp(first(calls))).filter(({ wrapped }) => wrapped)).toHaveLength(1);
    expect(await completeCampaigns(store, later(2_000), campaignId)).toEqual([]);
    await wrapUp(first(calls.slice(1)));
    expect(await completeCampaigns(store, later(3_000), campaignId)).toEqual([{ tenantId, campaignId }]);
    expect(await completeCampaigns(store, later(3_000), campaignId)).toEqual([]);
    expect(await contactsOf(campaignId)).toMatchObject(
      Array.from({ length: 2 }, () => ({ state: 'final', disposition: 'busy', attempts: 1 })),
    );
    expect(await store.prisma.inFlight.count({ where: { callId: { in: calls.map(({ callId }) => callId) } } })).toBe(0);
  });

  it('does not come before the end', async () => {
    const call = first(await claim(await campaignOf(phones(1))));
    expect(await wrapUpCall(store, call, { disposition: 'busy', contact: { state: 'final' }, costMicros: 0, now: NOW })).toEqual({
      wrapped: false,
    });
  });
});

describe('the reaper', () => {
  it('finds reservations that nobody dialed', async () => {
    const call = first(await claim(await campaignOf(phones(1))));
    const lapsed = async (now: Date) => (await listLapsedReservations(store, now, 1_000)).filter(({ callId }) => callId === call.callId);
    expect(await lapsed(later(15_000))).toEqual([]);
    expect(await lapsed(later(15_001))).toEqual([{ tenantId, callId: call.callId, hasContact: true }]);
  });

  it('holds a call whose dialer died, and hands its repeat to one caller only, while the carrier still knows it', async () => {
    const campaignId = await campaignOf(phones(1));
    const call = first(await claim(campaignId));
    await dial(call);
    await giveUpDialing(store, later(29_999));
    expect(await stateOf(call)).toBe('dialing');
    await giveUpDialing(store, later(30_001));
    expect(await stateOf(call)).toBe('unknown');
    expect(await contactsOf(campaignId)).toMatchObject([{ state: 'reconciling', attempts: 1 }]);

    const repeat = async (now: Date) => {
      const sentAfter = new Date(now.getTime() - 240_000);
      const claimed = await claimRepeats(store, { now, sentAfter, leaseUntil: new Date(now.getTime() + 30_000), limit: 1_000 });
      return claimed.filter(({ callId }) => callId === call.callId);
    };
    expect((await Promise.all([repeat(later(30_002)), repeat(later(30_002))])).flat()).toHaveLength(1);
    expect(await repeat(later(30_003))).toEqual([]);
    expect(await repeat(later(60_100))).toHaveLength(1);
    expect(await repeat(later(240_001))).toEqual([]);
  });

  it('finds phones that ring too long and calls that last too long', async () => {
    const calls = await claim(await campaignOf(phones(2)));
    const [ringing, talking] = [first(calls), first(calls.slice(1))];
    for (const call of calls) {
      await dial(call);
      await applyCallFact(store, { ...call, fact: 'placed', at: NOW, connectionId: call.callId });
    }
    await applyCallFact(store, { ...talking, fact: 'answered', at: later(10_000), connectionId: talking.callId });
    const overdue = async (now: Date) => {
      const found = await listOverdueCalls(store, { now, graceMs: 30_000, lostMs: 40_000 }, 1_000);
      return found.filter(({ callId }) => calls.some((call) => call.callId === callId));
    };
    expect(await overdue(later(30_000))).toEqual([]);
    expect(await overdue(later(31_000))).toEqual([
      {
        tenantId,
        callId: ringing.callId,
        carrierCallId: ringing.callId,
        mediaEpoch: 0,
        mediaClosedAt: null,
        reason: 'ring_timeout',
        overdueMs: 1_000,
      },
    ]);
    expect((await overdue(later(102_000))).map(({ reason, overdueMs }) => [reason, overdueMs])).toEqual([
      ['ring_timeout', 72_000],
      ['time_limit', 2_000],
    ]);
  });

  it('finds calls that their media worker let go of, until another one takes them', async () => {
    const call = first(await claim(await campaignOf(phones(1))));
    await dial(call);
    await applyCallFact(store, { ...call, fact: 'answered', at: NOW, connectionId: call.callId });
    const owner = { ...call, epoch: 1 };
    await bindMediaEpoch(store, owner);
    await closeMedia(store, owner, { exchanges: 1, agentClosed: false, closedAt: later(5_000) });
    const lost = async (now: Date) => {
      const found = await listOverdueCalls(store, { now, graceMs: 3_600_000, lostMs: 30_000 }, 1_000);
      return found.filter(({ callId }) => callId === call.callId).map(({ reason, overdueMs }) => [reason, overdueMs]);
    };
    expect(await lost(later(35_000))).toEqual([]);
    expect(await lost(later(36_000))).toEqual([['line_lost', 1_000]]);
    await bindMediaEpoch(store, { ...owner, epoch: 2 });
    expect(await lost(later(36_000))).toEqual([]);
  });

  it('knows which slots nobody needs', async () => {
    const call = first(await claim(await campaignOf(phones(1))));
    const stranger = randomUUID();
    expect(await listSlotsToFree(store, [call.callId, stranger])).toEqual([stranger]);
    await releaseCall(store, { ...call, from: 'reserved', nextAt: NOW, now: NOW });
    expect(await listSlotsToFree(store, [call.callId])).toEqual([call.callId]);
  });
});

describe('the count of contacts that nobody can account for', () => {
  it('is zero all along, and sees a lost row and a contact adrift', async () => {
    await store.prisma.campaign.updateMany({ where: {}, data: { status: 'completed' } });
    const campaignId = await campaignOf(phones(3));
    expect(await countUnaccountedContacts(store, new Date(0))).toBe(0);
    const call = first(await claim(campaignId, 1));
    expect(await countUnaccountedContacts(store, new Date(0))).toBe(0);
    await store.prisma.contact.deleteMany({ where: { campaignId, state: 'waiting', id: (await contactsOf(campaignId)).at(-1)?.id ?? 0n } });
    expect(await countUnaccountedContacts(store, new Date(0))).toBe(1);
    await store.prisma.call.update({ where: { id: call.callId }, data: { state: 'released' } });
    expect(await countUnaccountedContacts(store, new Date(0))).toBe(2);
  });
});
