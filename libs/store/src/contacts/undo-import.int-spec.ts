import { exampleCampaign, openTestDatabase, type TestDatabase } from '@carillon/testing';
import { insertCampaign } from '../campaigns/insert-campaign.js';
import { importContacts } from './import-contacts.js';
import { undoImport } from './undo-import.js';

const tenantId = 'default';
const now = new Date('2026-03-02T09:00:00Z');
const who = { actor: 'Ann', now };

let database: TestDatabase;
let campaignId: string;
beforeAll(async () => (database = await openTestDatabase()));
afterAll(() => database.close());
beforeEach(async () => {
  campaignId = await insertCampaign(database.store, { tenantId, request: exampleCampaign, now });
});

async function upload(phones: readonly string[]): Promise<string> {
  async function* file() {
    yield Buffer.from(`phone\n${phones.join('\n')}\n`);
  }
  const reading = { tenantId, campaignId, defaultRegion: 'US', mapping: {}, maxBytes: 1e9, now: () => now };
  const { id } = await importContacts(database.store, { ...reading, fileName: null, sizeBytes: null, traceparent: null }, file());
  return id;
}

const phones = async () =>
  (await database.store.prisma.contact.findMany({ where: { campaignId }, orderBy: { id: 'asc' } })).map(({ phoneE164 }) => phoneE164);

/** A call to a contact, as the ledger has it. */
async function callTo(phoneE164: string, state: 'reserved' | 'ended' | 'released'): Promise<void> {
  const { prisma } = database.store;
  const contact = await prisma.contact.findFirstOrThrow({ where: { campaignId, phoneE164 } });
  if (state === 'reserved') await prisma.contact.update({ where: { id: contact.id }, data: { state: 'reserved' } });
  const { id: conversationId } = await prisma.conversation.create({ data: { id: crypto.randomUUID(), tenantId, phoneE164, initiate: {} } });
  await prisma.call.create({
    data: {
      ...{ id: crypto.randomUUID(), tenantId, campaignId, contactId: contact.id, conversationId, attemptNo: 1, phoneE164, state },
      ...{ notAfter: now, ringTimeoutMs: 1, maxCallMs: 1 },
    },
  });
}

describe('the undo of an upload', () => {
  it('takes its contacts back, and those of no other upload', async () => {
    await upload(['+14155550101', '+14155550102']);
    const second = await upload(['+14155550102', '+14155550103', '+14155550104']);
    const view = await undoImport(database.store, { tenantId, campaignId, importId: second }, who);
    expect(view).toMatchObject({ state: 'undone', total: 3, imported: 0, duplicates: 1 });
    expect(await phones()).toEqual(['+14155550101', '+14155550102']);
  });

  it('leaves who was called, and who is just being called', async () => {
    const importId = await upload(['+14155550101', '+14155550102', '+14155550103', '+14155550104']);
    await callTo('+14155550101', 'ended');
    await callTo('+14155550102', 'reserved');
    await callTo('+14155550103', 'released');
    expect(await undoImport(database.store, { tenantId, campaignId, importId }, who)).toMatchObject({ state: 'undone', imported: 2 });
    expect(await phones()).toEqual(['+14155550101', '+14155550102']);
  });

  it('of many contacts goes batch by batch, may be repeated, and lets the file be uploaded again', async () => {
    const many = Array.from({ length: 25_000 }, (_, index) => `+1415${2_000_000 + index}`);
    const importId = await upload(many);
    expect(await undoImport(database.store, { tenantId, campaignId, importId }, who)).toMatchObject({ imported: 0 });
    expect(await undoImport(database.store, { tenantId, campaignId, importId }, who)).toMatchObject({ imported: 0 });
    expect(await phones()).toEqual([]);
    await upload(many);
    expect(await phones()).toHaveLength(25_000);
  });

  it('waits until the upload is over, and is written down', async () => {
    const importId = await upload(['+14155550101']);
    const { prisma } = database.store;
    await prisma.contactImport.update({ where: { id: importId }, data: { state: 'running' } });
    await expect(undoImport(database.store, { tenantId, campaignId, importId }, who)).rejects.toMatchObject({
      code: 'wrong_campaign_state',
    });
    await prisma.contactImport.update({ where: { id: importId }, data: { state: 'failed' } });
    await undoImport(database.store, { tenantId, campaignId, importId }, who);
    expect(await prisma.auditEntry.findMany({ where: { subjectId: importId } })).toMatchObject([
      { actor: 'Ann', action: 'undo', subject: 'import' },
    ]);
    await expect(undoImport(database.store, { tenantId: 'other', campaignId, importId }, who)).rejects.toMatchObject({ code: 'not_found' });
  });
});
