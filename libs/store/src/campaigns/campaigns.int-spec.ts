import { DEFAULT_CAMPAIGN_SETTINGS, type CampaignAction } from '@carillon/contracts';
import { addContacts, exampleCampaign, openTestDatabase, type TestDatabase } from '@carillon/testing';
import { createApiKey, findApiIdentity, revokeApiKey } from '../api-keys.js';
import { claimContacts, placesOf } from '../ledger/claim-contacts.sql.js';
import { appendMessages } from '../media/append-messages.sql.js';
import { updateClaim } from '../media/update-claim.sql.js';
import { campaignReport } from './campaign-report.js';
import { changeCampaignStatus } from './change-campaign-status.js';
import { findCampaign, listCampaigns } from './find-campaign.js';
import { insertCampaign } from './insert-campaign.js';

const tenantId = 'default';
const NOW = new Date('2026-03-02T09:00:00Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);

let database: TestDatabase;
let campaignId: string;
beforeAll(async () => (database = await openTestDatabase()));
afterAll(() => database.close());
beforeEach(async () => {
  campaignId = await insertCampaign(database.store, { tenantId, request: exampleCampaign, now: NOW });
});

const upload = (phones: string[]) =>
  addContacts(database.store, { tenantId, campaignId, phones: phones.map((phone) => `+1${phone}`), now: NOW });

const act = (action: CampaignAction) =>
  changeCampaignStatus(database.store, { tenantId, campaignId, action, actor: 'ops', now: later(1_000) });

describe('a campaign', () => {
  it('begins as a draft without contacts', async () => {
    expect(await findCampaign(database.store, { tenantId, campaignId })).toEqual({
      ...{
        id: campaignId,
        name: 'Spring check-up',
        status: 'draft',
        policies: ['none'],
        demands: [],
        default_region: 'US',
        initiate: exampleCampaign.initiate,
      },
      ...{
        max_concurrent: 10,
        ring_timeout_ms: 30_000,
        max_call_ms: 900_000,
        ...DEFAULT_CAMPAIGN_SETTINGS,
        ...{ held: null, spent: 0, version: 1 },
        created_at: NOW.toISOString(),
        started_at: null,
        completed_at: null,
      },
      ...{ progress: { contacts: 0, waiting: 0, reserved: 0, in_flight: 0, reconciling: 0, final: 0 }, dispositions: {} },
    });
  });

  it('is listed to its tenant alone, newest first', async () => {
    const newer = await insertCampaign(database.store, { tenantId, request: exampleCampaign, now: later(1) });
    const ids = (await listCampaigns(database.store, { tenantId })).map(({ id }) => id);
    expect(ids.indexOf(newer)).toBeLessThan(ids.indexOf(campaignId));
    expect(await listCampaigns(database.store, { tenantId: 'other' })).toEqual([]);
    expect(await findCampaign(database.store, { tenantId: 'other', campaignId })).toBeNull();
  });

  it('starts, pauses, goes on and is cancelled', async () => {
    await upload(['4155550132', '4155550133']);
    expect(await act('start')).toMatchObject({ status: 'running', started_at: later(1_000).toISOString(), progress: { waiting: 2 } });
    expect(await act('pause')).toMatchObject({ status: 'paused' });
    expect(await act('resume')).toMatchObject({ status: 'running' });
    expect(await act('cancel')).toMatchObject({
      status: 'cancelled',
      progress: { contacts: 2, waiting: 0, final: 2 },
      dispositions: { cancelled: 2 },
    });
  });

  it('does not start without contacts', async () => {
    await expect(act('start')).rejects.toMatchObject({ code: 'wrong_campaign_state', fields: [{ field: 'contacts' }] });
    expect(await findCampaign(database.store, { tenantId, campaignId })).toMatchObject({ status: 'draft', started_at: null });
  });

  it('refuses what its state does not allow, and says what would', async () => {
    await expect(act('resume')).rejects.toMatchObject({
      code: 'wrong_campaign_state',
      fields: [{ field: 'status', message: 'The campaign is draft; only one that is paused can resume' }],
    });
    await act('cancel');
    for (const action of ['start', 'pause', 'resume', 'cancel'] as const)
      await expect(act(action)).rejects.toMatchObject({ code: 'wrong_campaign_state' });
    const foreign = { tenantId: 'other', campaignId, action: 'cancel' as const, actor: 'ops', now: NOW };
    await expect(changeCampaignStatus(database.store, foreign)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('reports outcomes, latency and what was collected', async () => {
    await upload(['4155550140', '4155550141', '4155550142', '4155550143']);
    await act('start');
    const lease = { now: later(2_000), leaseUntil: later(17_000), busyUntil: later(30_000), chargedOn: new Date('2026-03-02') };
    const buckets = (await database.store.prisma.contactBucket.findMany({ where: { campaignId } })).map(({ id }) => id);
    const { calls } = await claimContacts(database.store, {
      tenantId,
      campaignId,
      limit: 3,
      places: placesOf(buckets, 3),
      caps: [],
      ...lease,
    });
    const rows = await database.store.prisma.call.findMany({ where: { campaignId }, orderBy: { phoneE164: 'asc' } });
    const [ann, bob, cy] = rows.map(({ id }) => id);
    expect(calls).toHaveLength(3);
    const ended = { state: 'ended' as const, endedAt: later(60_000) };
    await database.store.prisma.call.update({
      where: { id: ann ?? '' },
      data: { ...ended, answeredAt: later(10_000), disposition: 'completed' },
    });
    await database.store.prisma.call.update({ where: { id: bob ?? '' }, data: { ...ended, disposition: 'busy' } });
    await database.store.prisma.call.update({ where: { id: cy ?? '' }, data: { state: 'answered', answeredAt: later(10_000) } });
    for (const [phone, disposition] of [
      ['+14155550140', 'completed'],
      ['+14155550141', 'busy'],
    ] as const) {
      await database.store.prisma.contact.updateMany({ where: { campaignId, phoneE164: phone }, data: { state: 'final', disposition } });
    }
    const owner = { tenantId, callId: ann ?? '', epoch: 0 };
    await updateClaim(database.store, owner, { full_name: 'Ann Lee' });
    const ledger = { vadLagMs: 0, endpointWaitMs: 0, sttWaitMs: 0, llmFirstTokenMs: 0, firstPhraseMs: 0, ttsFirstByteMs: 0, sendMs: 0 };
    const replies = [100, 200, 300, 400, 500].map((replyMs, seq) => ({
      ...{ seq, action: 'talk' as const, persona: 'assistant' as const, content: 'x', style: 'none' as const, toolCalls: [] },
      ...{ ledger: { ...ledger, replyMs }, createdAt: later(seq) },
    }));
    await appendMessages(database.store, owner, replies);

    const report = await campaignReport(database.store, { tenantId, campaignId, limit: 2, offset: 0 });
    expect(report).toEqual({
      ...{ campaign_id: campaignId, contacts: 4, states: { waiting: 1, reserved: 1, in_flight: 0, reconciling: 0, final: 2 } },
      // one of two ended calls was answered; 95 % of the way from the first to the last of five latencies, 100 apart: 480
      ...{
        dispositions: { completed: 1, busy: 1 },
        calls: 3,
        answered: 2,
        answer_rate: 0.5,
        reply_latency_ms: { p50: 300, p95: 480, n: 5 },
      },
      collected: [
        { phone_number: '+14155550140', call_id: ann, disposition: 'completed', claim: { full_name: 'Ann Lee' }, completeness: 0.5 },
        { phone_number: '+14155550141', call_id: bob, disposition: 'busy', claim: {}, completeness: 0 },
      ],
    });
    const rest = await campaignReport(database.store, { tenantId, campaignId, limit: 2, offset: 2 });
    expect(rest.collected).toMatchObject([
      { phone_number: '+14155550142' },
      { phone_number: '+14155550143', call_id: null, disposition: null },
    ]);
    await expect(campaignReport(database.store, { tenantId: 'other', campaignId, limit: 2, offset: 0 })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('reports nothing before the first call', async () => {
    expect(await campaignReport(database.store, { tenantId, campaignId, limit: 2, offset: 0 })).toMatchObject({
      ...{ calls: 0, answered: 0, answer_rate: null, reply_latency_ms: { p50: null, p95: null, n: 0 }, collected: [] },
    });
  });
});

describe('an API key', () => {
  it('opens its tenant with its role until it is revoked', async () => {
    const { key, keyId } = await createApiKey(database.store, { tenantId, label: 'ops', role: 'operator' });
    expect(await findApiIdentity(database.store, key)).toEqual({ keyId, tenantId, role: 'operator', label: 'ops' });
    expect(await findApiIdentity(database.store, `${key}x`)).toBeNull();
    await revokeApiKey(database.store, { tenantId: 'other', keyId, now: NOW });
    expect(await findApiIdentity(database.store, key)).not.toBeNull();
    await revokeApiKey(database.store, { tenantId, keyId, now: NOW });
    expect(await findApiIdentity(database.store, key)).toBeNull();
  });

  it('is stored as a hash alone', async () => {
    const { key } = await createApiKey(database.store, { tenantId, label: 'ops', role: 'viewer' });
    expect(JSON.stringify(await database.store.prisma.apiKey.findMany())).not.toContain(key);
  });
});
