import { addContacts, exampleCampaign, openTestDatabase, type TestDatabase } from '@carillon/testing';
import { insertCampaign } from '../campaigns/insert-campaign.js';
import { claimContacts, placesOf } from '../ledger/claim-contacts.sql.js';
import { startDialing } from '../ledger/start-dialing.sql.js';
import type { Store } from '../open-store.js';
import { blacklistPeople, optOut, type Blacklisting } from './blacklist-people.js';
import { checkBlacklist, listBlacklist } from './find-entries.js';
import { importBlacklist } from './import-blacklist.js';
import { removeBlacklistEntry } from './remove-entry.js';

const tenantId = 'default';
const NOW = new Date('2026-03-02T09:00:00Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await openTestDatabase();
  store = database.store;
});
afterAll(() => database.close());

let person = 0;
const nextPhones = (count: number) => Array.from({ length: count }, () => `+1415556${String(person++).padStart(4, '0')}`);

async function runningCampaign(phones: readonly string[], tenant = tenantId): Promise<string> {
  const campaignId = await insertCampaign(store, { tenantId: tenant, request: exampleCampaign, now: NOW });
  await store.prisma.campaign.updateMany({ where: { id: campaignId }, data: { status: 'running', startedAt: NOW } });
  await addContacts(store, { tenantId: tenant, campaignId, phones, now: NOW });
  return campaignId;
}

async function reserve(campaignId: string, limit: number) {
  const buckets = (await store.prisma.contactBucket.findMany({ where: { campaignId } })).map(({ id }) => id);
  const times = { now: NOW, leaseUntil: later(15_000), busyUntil: later(30_000), chargedOn: new Date('2026-03-02') };
  return (await claimContacts(store, { tenantId, campaignId, limit, places: placesOf(buckets, limit), caps: [], ...times })).calls;
}

const blacklist = (phones: string[], overrides: Partial<Blacklisting> = {}) =>
  blacklistPeople(store, {
    tenantId,
    phones,
    scope: { kind: 'tenant' },
    reason: 'complaint',
    source: 'api',
    now: later(1_000),
    ...overrides,
  });
const contactsOf = (campaignId: string) => store.prisma.contact.findMany({ where: { campaignId }, orderBy: { id: 'asc' } });
const check = (phoneE164: string, now = later(2_000)) => checkBlacklist(store, { tenantId, phoneE164, now });

describe('the blacklist', () => {
  it('stops the contacts of a person in every campaign of the tenant, and nobody else', async () => {
    const [ann = '', bob = ''] = nextPhones(2);
    const [spring, autumn, foreign] = [
      await runningCampaign([ann, bob]),
      await runningCampaign([ann]),
      await runningCampaign([ann], 'other'),
    ];
    expect(await blacklist([ann])).toEqual({ added: 1, already_listed: 0, contacts_stopped: 2, calls_released: 0 });
    const stopped = { state: 'final', disposition: 'blacklisted', finalAt: later(1_000) };
    expect(await contactsOf(spring)).toMatchObject([stopped, { state: 'waiting', disposition: null }]);
    expect(await contactsOf(autumn)).toMatchObject([stopped]);
    expect(await contactsOf(foreign)).toMatchObject([{ state: 'waiting' }]);
    expect(await check(ann)).toMatchObject({ blacklisted: true, entries: [{ scope: 'tenant', campaign_id: null, reason: 'complaint' }] });
    expect(await check(bob)).toEqual({ phone_number: bob, blacklisted: false, entries: [] });
  });

  it('takes back a call that is reserved, so that it can never be dialed', async () => {
    const [ann = ''] = nextPhones(1);
    const campaignId = await runningCampaign([ann]);
    const [call] = await reserve(campaignId, 1);
    expect(await optOut(store, { tenantId, phoneE164: ann, reason: 'asked during a call', now: later(1_000) })).toMatchObject({
      ...{ contacts_stopped: 1, calls_released: 1 },
    });
    expect(await contactsOf(campaignId)).toMatchObject([{ state: 'final', disposition: 'blacklisted' }]);
    expect(await store.prisma.call.findUniqueOrThrow({ where: { id: call?.callId ?? '' } })).toMatchObject({ state: 'released' });
    expect(await store.prisma.inFlight.count({ where: { phoneE164: ann } })).toBe(0);
    const start = { ...{ tenantId, callId: call?.callId ?? '', repeatabilityId: call?.callId ?? '', epoch: 1, decision: {} } };
    expect(await startDialing(store, [{ ...start, now: later(2_000), leaseUntil: later(9_000) }])).toEqual(new Set());
    expect(await check(ann)).toMatchObject({ entries: [{ source: 'call' }] });
  });

  it('lets a call that is under way go on', async () => {
    const [ann = ''] = nextPhones(1);
    const campaignId = await runningCampaign([ann]);
    const [call] = await reserve(campaignId, 1);
    const callId = call?.callId ?? '';
    await startDialing(store, [{ tenantId, callId, repeatabilityId: callId, epoch: 1, decision: {}, now: NOW, leaseUntil: later(9_000) }]);
    expect(await blacklist([ann])).toMatchObject({ added: 1, contacts_stopped: 0, calls_released: 0 });
    expect(await contactsOf(campaignId)).toMatchObject([{ state: 'in_flight' }]);
  });

  it('for one campaign leaves the others alone', async () => {
    const [ann = ''] = nextPhones(1);
    const [spring, autumn] = [await runningCampaign([ann]), await runningCampaign([ann])];
    await blacklist([ann], { scope: { kind: 'campaign', campaignId: spring } });
    expect(await contactsOf(spring)).toMatchObject([{ state: 'final' }]);
    expect(await contactsOf(autumn)).toMatchObject([{ state: 'waiting' }]);
    expect(await check(ann)).toMatchObject({ blacklisted: false, entries: [{ scope: 'campaign', campaign_id: spring }] });
  });

  it('that is global holds for every tenant, and is no tenant’s to remove', async () => {
    const [ann = ''] = nextPhones(1);
    const [ours, theirs] = [await runningCampaign([ann]), await runningCampaign([ann], 'other')];
    expect(await blacklist([ann], { scope: { kind: 'global' } })).toMatchObject({ contacts_stopped: 2 });
    expect(await contactsOf(ours)).toMatchObject([{ state: 'final' }]);
    expect(await contactsOf(theirs)).toMatchObject([{ state: 'final' }]);
    const [entry] = (await check(ann)).entries;
    const removal = { tenantId: 'other', entryId: entry?.id ?? '', actor: 'ops', now: later(3_000) };
    await expect(removeBlacklistEntry(store, { ...removal, mayGlobal: false })).rejects.toMatchObject({ code: 'forbidden' });
    await removeBlacklistEntry(store, { ...removal, mayGlobal: true });
    expect(await check(ann)).toMatchObject({ blacklisted: false });
  });

  it('for a time only puts people off', async () => {
    const [ann = ''] = nextPhones(1);
    const campaignId = await runningCampaign([ann]);
    await reserve(campaignId, 1);
    await blacklist([ann], { expiresAt: later(60_000) });
    expect(await contactsOf(campaignId)).toMatchObject([
      { state: 'waiting', nextAt: later(60_000), blocked: 'blacklisted', disposition: null },
    ]);
    expect(await check(ann)).toMatchObject({ blacklisted: true });
    expect(await check(ann, later(60_001))).toMatchObject({ blacklisted: false });
  });

  it('keeps who is on it, and holds the longer time', async () => {
    const [ann = '', bob = ''] = nextPhones(2);
    await blacklist([ann], { expiresAt: later(60_000) });
    expect(await blacklist([ann, bob], { reason: 'again' })).toMatchObject({ added: 1, already_listed: 1 });
    expect(await check(ann)).toMatchObject({ entries: [{ reason: 'complaint', expires_at: null }] });
    await blacklist([ann], { expiresAt: later(90_000) });
    expect(await check(ann)).toMatchObject({ entries: [{ expires_at: null }] });
  });

  it('takes an expired entry as a new one', async () => {
    const [ann = ''] = nextPhones(1);
    await blacklist([ann], { expiresAt: later(1_500) });
    expect(await blacklist([ann], { reason: 'again', now: later(2_000), expiresAt: later(9_000) })).toMatchObject({
      added: 1,
      already_listed: 0,
    });
    expect(await check(ann, later(3_000))).toMatchObject({ entries: [{ reason: 'again' }] });
  });

  it('takes a scheduled call off', async () => {
    const [ann = ''] = nextPhones(1);
    const id = '5f0d2c5e-0000-4000-8000-000000000001';
    const when = { nextAt: later(60_000), notAfter: later(90_000) };
    await store.prisma.scheduledCall.create({
      data: { id, tenantId, phoneE164: ann, initiate: {}, policies: ['none'], source: 'api', ...when },
    });
    await blacklist([ann]);
    expect(await store.prisma.scheduledCall.findUniqueOrThrow({ where: { id } })).toMatchObject({
      state: 'cancelled',
      blocked: 'blacklisted',
    });
  });

  it('withstands claims and other lists at the same time', async () => {
    const phones = nextPhones(60);
    const campaignId = await runningCampaign(phones);
    const claims = Array.from({ length: 6 }, () => reserve(campaignId, 5));
    const lists = [phones.slice(0, 40), phones.slice(20), phones.toReversed().slice(0, 40)].map((some) => blacklist(some));
    await Promise.all([...claims, ...lists]);
    const left = (await contactsOf(campaignId)).filter(({ state }) => state === 'waiting');
    expect(left).toEqual([]);
    const start = { tenantId, repeatabilityId: '5f0d2c5e-0000-4000-8000-000000000002', epoch: 1, decision: {} };
    for (const { id } of await store.prisma.call.findMany({ where: { campaignId, state: 'reserved' } })) {
      expect(await startDialing(store, [{ ...start, callId: id, now: later(2_000), leaseUntil: later(9_000) }])).toEqual(new Set());
    }
  });

  it('is read page by page, and by number', async () => {
    const phones = nextPhones(3);
    await blacklist(phones, { tenantId: 'pages' });
    const first = await listBlacklist(store, { tenantId: 'pages', limit: 2 });
    expect(first.items.map((entry) => entry.phone_number)).toEqual(phones.slice(0, 2));
    const rest = await listBlacklist(store, { tenantId: 'pages', limit: 2, after: first.next ?? '' });
    expect([rest.items.map((entry) => entry.phone_number), rest.next]).toEqual([phones.slice(2), null]);
    expect((await listBlacklist(store, { tenantId: 'pages', limit: 2, phoneE164: phones[1] })).items).toHaveLength(1);
  });
});

describe('a file for the blacklist', () => {
  async function* file(text: string) {
    yield Buffer.from(text);
  }
  const upload = (text: string) =>
    importBlacklist(
      store,
      {
        tenantId,
        scope: { kind: 'tenant' },
        reason: 'list of the regulator',
        actor: 'ops',
        defaultRegion: 'US',
        maxBytes: 10_000_000,
        now: () => later(1_000),
      },
      file(text),
    );

  it('is read by the name of its column, and tells what cannot be read', async () => {
    const [ann = '', bob = ''] = nextPhones(2);
    const campaignId = await runningCampaign([ann, bob]);
    const view = await upload(`name;Telefon\nAnn;${ann}\nCy;soon\nBob;"(415) ${bob.slice(5, 8)}-${bob.slice(8)}"\nAnn;${ann}\n`);
    expect(view).toMatchObject({ rows: 4, rejected: 1, added: 2, already_listed: 0, contacts_stopped: 2 });
    expect(view.errors).toEqual([{ line: 3, column: 'Telefon', reason: expect.stringContaining('soon') }]);
    expect(await contactsOf(campaignId)).toMatchObject([{ state: 'final' }, { state: 'final' }]);
  });

  it('may come twice, and be long', async () => {
    const rows = nextPhones(2_500).join('\n');
    expect(await upload(`phone\n${rows}`)).toMatchObject({ rows: 2_500, added: 2_500 });
    expect(await upload(`phone\n${rows}\n`)).toMatchObject({ added: 0, already_listed: 2_500 });
  });

  it.each([
    ['nothing', '', 'csv_unreadable'],
    ['a header alone', 'phone\n', 'csv_unreadable'],
    ['no phone column', 'name\nAnn\n', 'csv_without_phone_column'],
  ])('of %s is refused', async (_what, text, code) => {
    await expect(upload(text)).rejects.toMatchObject({ code });
  });
});
