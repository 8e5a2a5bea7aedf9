import { addContacts, exampleCampaign, openTestDatabase, type TestDatabase } from '@carillon/testing';
import type { PoolClient } from 'pg';
import { createCampaign } from '../campaigns/create-campaign.js';
import { completeCampaigns } from '../ledger/campaign-end.sql.js';
import { requestCallback } from './request-callback.js';

const tenantId = 'default';
/** Monday, 10:00 in New York. */
const NOW = new Date('2026-03-02T15:00:00Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);

let database: TestDatabase;
let campaignId: string;
let contactId: string;
let other: PoolClient;
let person = 0;
beforeAll(async () => {
  database = await openTestDatabase();
  other = await database.store.pool.connect();
});
afterAll(async () => {
  other.release();
  await database.close();
});
beforeEach(async () => {
  const { store } = database;
  campaignId = await createCampaign(store, { tenantId, actor: 'ops', request: { ...exampleCampaign, policy: ['none'] }, now: NOW });
  await store.prisma.campaign.updateMany({ where: { id: campaignId }, data: { status: 'running', startedAt: NOW } });
  const [id] = await addContacts(store, { tenantId, campaignId, phones: [`+1212555${String(1_000 + person++)}`], now: NOW });
  contactId = String(id);
  await store.prisma.contact.updateMany({ where: { campaignId }, data: { state: 'final', disposition: 'callee_hung_up', finalAt: NOW } });
});

const promise = () =>
  requestCallback(database.store, { tenantId, contactId, at: later(3_600_000), actor: 'ops', account: { dailyCap: null }, now: NOW });
const complete = () => completeCampaigns(database.store, later(1_000), campaignId);
const status = async () => (await database.store.prisma.campaign.findFirstOrThrow({ where: { id: campaignId } })).status;
const state = async () => (await database.store.prisma.contact.findFirstOrThrow({ where: { campaignId } })).state;
/** Statements of others that wait for a lock. */
const waiting = async (count: number) => {
  for (;;) {
    const { rows } = await database.store.pool.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    if ((rows[0]?.count ?? 0) >= count) return;
  }
};

describe('a callback for the last contact, in the instant in which its campaign completes', () => {
  it('keeps the campaign running when it comes first', async () => {
    await other.query('BEGIN');
    await other.query('SELECT FROM contact WHERE campaign_id = $1 FOR UPDATE', [campaignId]);
    const promised = promise(); // has looked at everything, and waits for the contact's row
    await waiting(1);
    const completed = complete();
    await waiting(2);
    await other.query('COMMIT');
    expect(await promised).toMatchObject({ state: 'waiting', class: 'callback' });
    expect(await completed).toEqual([]);
    expect([await status(), await state()]).toEqual(['running', 'waiting']);
  });

  it('is refused when the campaign has been completed first', async () => {
    await other.query('BEGIN');
    await other.query("UPDATE campaign SET status = 'completed', completed_at = $2 WHERE id = $1", [campaignId, NOW]);
    const promised = promise();
    const refused = expect(promised).rejects.toMatchObject({ code: 'wrong_campaign_state' });
    await waiting(1);
    await other.query('COMMIT');
    await refused;
    expect([await status(), await state()]).toEqual(['completed', 'final']);
  });

  it('leaves no contact waiting in a campaign that is over, whoever is quicker', async () => {
    for (let round = 0; round < 20; round += 1) {
      await database.store.prisma.campaign.updateMany({ where: { id: campaignId }, data: { status: 'running', completedAt: null } });
      await database.store.prisma.contact.updateMany({ where: { campaignId }, data: { state: 'final', finalAt: NOW } });
      await Promise.allSettled(round % 2 === 0 ? [promise(), complete()] : [complete(), promise()]);
      expect([
        ['running', 'waiting'],
        ['completed', 'final'],
      ]).toContainEqual([await status(), await state()]);
    }
  });
});
