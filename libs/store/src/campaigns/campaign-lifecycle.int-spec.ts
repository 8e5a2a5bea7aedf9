import type { CampaignAction, CampaignPatch } from '@carillon/contracts';
import { addContacts, exampleCampaign, openTestDatabase, type TestDatabase } from '@carillon/testing';
import { listAudit } from '../audit/audit-trail.js';
import { claimContacts, placesOf } from '../ledger/claim-contacts.sql.js';
import type { Store } from '../open-store.js';
import { beginScheduledCampaigns, endOverdueCampaigns, expireStragglers } from './begin-and-end-campaigns.sql.js';
import { changeCampaignStatus } from './change-campaign-status.js';
import { createCampaign } from './create-campaign.js';
import { findCampaign } from './find-campaign.js';
import { updateCampaign } from './update-campaign.js';

const tenantId = 'default';
const NOW = new Date('2026-03-02T09:00:00Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);

let database: TestDatabase;
let store: Store;
let campaignId: string;
let person = 0;
beforeAll(async () => {
  database = await openTestDatabase();
  store = database.store;
});
afterAll(() => database.close());
beforeEach(async () => {
  campaignId = await createCampaign(store, { tenantId, actor: 'ops', request: exampleCampaign, now: NOW });
  const phones = Array.from({ length: 3 }, () => `+1415557${String(person++).padStart(4, '0')}`);
  await addContacts(store, { tenantId, campaignId, phones, now: NOW });
});

const act = (action: CampaignAction, now = later(1_000)) =>
  changeCampaignStatus(store, { tenantId, campaignId, action, actor: 'ops', now });
const patch = (change: CampaignPatch, actor = 'ops') =>
  updateCampaign(store, { tenantId, campaignId, patch: change, actor, now: later(2_000) });
const audit = async () => (await listAudit(store, { tenantId, subject: 'campaign', subjectId: campaignId, limit: 100 })).items;

async function reserve(limit: number) {
  const buckets = (await store.prisma.contactBucket.findMany({ where: { campaignId } })).map(({ id }) => id);
  const times = { now: NOW, leaseUntil: later(15_000), busyUntil: later(30_000), chargedOn: new Date('2026-03-02') };
  return (await claimContacts(store, { tenantId, campaignId, limit, places: placesOf(buckets, limit), caps: [], ...times })).calls;
}

describe('a campaign with a start and an end', () => {
  it('is scheduled, begins by itself, and ends by itself', async () => {
    await patch({ starts_at: later(60_000).toISOString(), ends_at: later(120_000).toISOString() });
    expect(await act('start')).toMatchObject({ status: 'scheduled', started_at: null });
    expect(await beginScheduledCampaigns(store, later(59_000))).toEqual([]);
    expect(await beginScheduledCampaigns(store, later(60_000))).toEqual([{ tenantId, campaignId }]);
    expect(await findCampaign(store, { tenantId, campaignId })).toMatchObject({
      status: 'running',
      started_at: later(60_000).toISOString(),
    });
    expect(await endOverdueCampaigns(store, later(119_000))).toEqual([]);
    expect(await endOverdueCampaigns(store, later(120_000))).toEqual([{ tenantId, campaignId }]);
    expect(await expireStragglers(store, { endedAfter: NOW, now: later(121_000), limit: 100 })).toBe(3);
    expect(await findCampaign(store, { tenantId, campaignId })).toMatchObject({ status: 'completed', dispositions: { expired: 3 } });
    expect((await audit()).map(({ actor, action }) => [actor, action])).toEqual([
      ['engine', 'complete'],
      ['engine', 'begin'],
      ['ops', 'start'],
      ['ops', 'update'],
      ['ops', 'create'],
    ]);
  });

  it('is not started twice, and can be started early by taking its start away', async () => {
    await patch({ starts_at: later(60_000).toISOString() });
    await act('start');
    await expect(act('start')).rejects.toMatchObject({ code: 'wrong_campaign_state', fields: [{ field: 'starts_at' }] });
    await patch({ starts_at: null });
    expect(await act('start')).toMatchObject({ status: 'running' });
  });

  it('must end after it starts, whichever of the two is changed', async () => {
    await patch({ starts_at: later(60_000).toISOString() });
    await expect(patch({ ends_at: later(60_000).toISOString() })).rejects.toMatchObject({
      code: 'invalid_body',
      fields: [{ field: 'ends_at' }],
    });
  });
});

describe('a change', () => {
  it('of a running campaign holds at once, and leaves the rest as it was', async () => {
    await act('start');
    const windows = [{ days: ['mon' as const], from: '10:00', to: '12:00' }];
    const changed = await patch({
      max_concurrent: 2,
      windows,
      policy: ['uk', 'none'],
      budget: { amount: 5, currency: 'EUR', cost_per_call: 0.1, cost_per_minute: 0 },
    });
    expect(changed).toMatchObject({
      status: 'running',
      name: exampleCampaign.name,
      max_concurrent: 2,
      windows,
      policies: ['uk', 'none'],
      version: 3,
    });
    expect(changed.retry).toEqual(exampleCampaign.retry);
    expect((await patch({ name: 'Autumn' })).windows).toEqual(windows);
    const [, , entry] = (await audit()).reverse();
    expect(entry).toMatchObject({
      action: 'update',
      changes: { max_concurrent: { from: 10, to: 2 }, windows: { from: null, to: windows } },
    });
    expect(Object.keys(entry?.changes ?? {}).sort()).toEqual(['budget', 'max_concurrent', 'policy', 'windows']);
  });

  it('that changes nothing leaves no trace', async () => {
    expect(await patch({ max_concurrent: 10 })).toMatchObject({ version: 1 });
    expect(await audit()).toHaveLength(1);
  });

  it('made against an older version is refused', async () => {
    await patch({ version: 1, max_concurrent: 2 });
    await expect(patch({ version: 1, max_concurrent: 3 })).rejects.toMatchObject({ code: 'stale_version', fields: [{ field: 'version' }] });
    expect(await patch({ version: 2, max_concurrent: 3 })).toMatchObject({ version: 3, max_concurrent: 3 });
  });

  it('of many at once loses none', async () => {
    await Promise.all([patch({ max_concurrent: 2 }), patch({ name: 'Autumn' }), patch({ weight: 3 }), patch({ daily_cap: 9 })]);
    expect(await findCampaign(store, { tenantId, campaignId })).toMatchObject({
      max_concurrent: 2,
      name: 'Autumn',
      weight: 3,
      daily_cap: 9,
      version: 5,
    });
  });

  it('comes too late once the campaign is over', async () => {
    await act('cancel');
    await expect(patch({ max_concurrent: 2 })).rejects.toMatchObject({ code: 'wrong_campaign_state' });
    await expect(updateCampaign(store, { tenantId: 'other', campaignId, patch: {}, actor: 'x', now: NOW })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('of the budget ends a hold by the budget', async () => {
    const held = { heldUntil: later(900_000), heldReason: 'budget' };
    await store.prisma.campaign.update({ where: { id: campaignId }, data: held });
    expect(await patch({ weight: 2 })).toMatchObject({ held: { until: later(900_000).toISOString(), reason: 'budget' } });
    expect(await patch({ budget: null })).toMatchObject({ held: { reason: 'budget' } }); // there was none before: nothing changed
    expect(await patch({ budget: { amount: 5, currency: 'EUR', cost_per_call: 1, cost_per_minute: 0 } })).toMatchObject({ held: null });
  });
});

describe('a cancelled campaign', () => {
  it('takes back the calls that were not dialed yet', async () => {
    await act('start');
    const calls = await reserve(2);
    expect(calls).toHaveLength(2);
    expect(await act('cancel')).toMatchObject({
      status: 'cancelled',
      progress: { reserved: 0, waiting: 0, final: 3 },
      dispositions: { cancelled: 3 },
    });
    expect(await store.prisma.inFlight.count({ where: { callId: { in: calls.map(({ callId }) => callId) } } })).toBe(0);
    expect(await store.prisma.call.count({ where: { campaignId, state: 'released' } })).toBe(2);
  });

  it('is audited with who did it', async () => {
    await act('start');
    await act('pause');
    await act('cancel');
    expect((await audit()).map(({ action, changes }) => [action, changes['status']])).toEqual([
      ['cancel', { from: 'paused', to: 'cancelled' }],
      ['pause', { from: 'running', to: 'paused' }],
      ['start', { from: 'draft', to: 'running' }],
      ['create', undefined],
    ]);
  });
});
