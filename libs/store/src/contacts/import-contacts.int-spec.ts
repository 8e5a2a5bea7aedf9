import type { ImportView } from '@carillon/contracts';
import { exampleCampaign, openTestDatabase, type TestDatabase } from '@carillon/testing';
import { insertCampaign } from '../campaigns/insert-campaign.js';
import { changeCampaignStatus } from '../campaigns/change-campaign-status.js';
import { findCampaign } from '../campaigns/find-campaign.js';
import { errorsCsv } from './errors-csv.js';
import { failAbandonedImports } from './fail-abandoned-imports.js';
import { findImport } from './find-import.js';
import { importContacts } from './import-contacts.js';

const tenantId = 'default';
const now = () => new Date('2026-03-02T09:00:00Z');

let database: TestDatabase;
let campaignId: string;
beforeAll(async () => (database = await openTestDatabase()));
afterAll(() => database.close());
beforeEach(async () => {
  campaignId = await insertCampaign(database.store, { tenantId, request: exampleCampaign, now: now() });
});

async function* pieces(...texts: (string | Buffer)[]) {
  for (const text of texts) yield Buffer.from(text);
}

const upload = (file: AsyncIterable<Buffer>, maxBytes = 1_000_000): Promise<ImportView> =>
  importContacts(database.store, { tenantId, campaignId, defaultRegion: 'US', maxBytes, traceparent: '00-ab-cd-01', now }, file);

const contacts = () => database.store.prisma.contact.findMany({ where: { campaignId }, orderBy: { id: 'asc' } });

const text = async (parts: AsyncIterable<string>) => {
  let all = '';
  for await (const part of parts) all += part;
  return all;
};

describe('an upload of contacts', () => {
  it('becomes contacts that wait, in their order, with the other columns as variables', async () => {
    const view = await upload(pieces('\uFEFFname;phone\nJörg;415-555-0', '132\n"Ann; B";+1 415 555 0133\n'));
    expect(view).toMatchObject({ state: 'done', total: 2, imported: 2, rejected: 0, duplicates: 0, failure: null, errors: [] });
    expect(await contacts()).toMatchObject([
      { phoneE164: '+14155550132', variables: { name: 'Jörg' }, state: 'waiting', nextAt: now(), traceparent: '00-ab-cd-01', tenantId },
      { phoneE164: '+14155550133', variables: { name: 'Ann; B' } },
    ]);
  });

  it('tells refused rows by line, column and reason, and takes the others', async () => {
    const view = await upload(pieces('phone,name\n+14155550132,Ann\n\n"soon\n",Bob\n,Cy\n'));
    expect(view).toMatchObject({ state: 'done', total: 3, imported: 1, rejected: 2 });
    expect(view.errors).toEqual([
      { line: 4, column: 'phone', reason: expect.stringContaining('"soon" is not a valid phone number') },
      { line: 6, column: 'phone', reason: 'The phone number is missing' },
    ]);
  });

  it('gives refused rows back as a file that can be repaired and uploaded again', async () => {
    const { id } = await upload(pieces('phone,name,city\nsoon,=Bob,Bergen\n+14155550132,Ann,Oslo\n'));
    const csv = await text(errorsCsv(database.store, { tenantId, campaignId, importId: id }));
    expect(csv).toBe(
      'phone,name,city,error_line,error_column,error_reason\r\n' +
        'soon,\'=Bob,Bergen,2,phone,"""soon"" is not a valid phone number of region US; write it with + and the country code"\r\n',
    );
    const again = await upload(pieces(csv.replace('soon', '4155550199')));
    expect(again).toMatchObject({ imported: 1, rejected: 0 });
    expect((await contacts())[1]).toMatchObject({ phoneE164: '+14155550199', variables: { name: '=Bob', city: 'Bergen' } });
  });

  it('counts numbers that come twice, in the file or in another one, and keeps the first', async () => {
    const first = await upload(pieces('phone,name\n+14155550132,Ann\n(415) 555-0132,Ann again\n'));
    expect(first).toMatchObject({ total: 2, imported: 1, duplicates: 1 });
    expect(await upload(pieces('phone,name\n+14155550132,Third\n'))).toMatchObject({ imported: 0, duplicates: 1 });
    expect(await contacts()).toMatchObject([{ variables: { name: 'Ann' } }]);
  });

  it('takes a file of several chunks, and more refused rows than it shows', async () => {
    const rows = Array.from({ length: 2_500 }, (_, index) => (index % 100 === 0 ? 'soon' : `415555${String(index).padStart(4, '0')}`));
    const view = await upload(pieces('phone\n', rows.join('\n')));
    expect(view).toMatchObject({ total: 2_500, rejected: 25, imported: 2_475, duplicates: 0 });
    expect(view.errors).toHaveLength(20);
    const csv = await text(errorsCsv(database.store, { tenantId, campaignId, importId: view.id }));
    expect(csv.split('\r\n')).toHaveLength(27);
  });

  it.each([
    ['nothing', [''], 'csv_unreadable'],
    ['a header alone', ['phone,name\n'], 'csv_unreadable'],
    ['no phone column', ['name,city\nAnn,Oslo\n'], 'csv_without_phone_column'],
    ['a quote without an end', ['phone,name\n1,"Ann\n'], 'csv_unreadable'],
    ['binary after the first rows', ['phone,name\n', `${'+14155550132,Ann\n'.repeat(5_000)}`, 'PNG\0\0\0'], 'csv_unreadable'],
    ['more than is allowed', ['phone\n', '4155550132\n'.repeat(100_000)], 'body_too_large'],
  ])('of %s fails with its reason', async (_what, texts, code) => {
    await expect(upload(pieces(...texts))).rejects.toMatchObject({ code, fields: [{ field: 'file' }] });
    const failed = await database.store.prisma.contactImport.findFirst({ where: { campaignId } });
    expect(failed).toMatchObject({ state: 'failed', failure: expect.any(String), finishedAt: now() });
  });

  it('that breaks off leaves a failed import and the rows so far', async () => {
    async function* broken() {
      yield Buffer.from(`phone\n${Array.from({ length: 1_500 }, (_, index) => `415555${String(index).padStart(4, '0')}`).join('\n')}\n`);
      yield Buffer.from(' '.repeat(70_000));
      throw new Error('socket hang up');
    }
    await expect(upload(broken())).rejects.toThrow('socket hang up');
    expect(await database.store.prisma.contactImport.findFirst({ where: { campaignId } })).toMatchObject({
      ...{ state: 'failed', imported: 1_000, failure: expect.stringContaining('broke off') },
    });
  });

  it('into a campaign that completed meanwhile lets it go on', async () => {
    async function* slow() {
      yield Buffer.from('phone\n4155550132\n');
      await database.store.prisma.campaign.update({ where: { id: campaignId }, data: { status: 'completed', completedAt: now() } });
    }
    await upload(slow());
    expect(await findCampaign(database.store, { tenantId, campaignId })).toMatchObject({ status: 'running', completed_at: null });
  });

  it('into a campaign that was cancelled meanwhile leaves nobody waiting', async () => {
    async function* slow() {
      yield Buffer.from('phone\n4155550132\n');
      await changeCampaignStatus(database.store, { tenantId, campaignId, action: 'cancel', now: now() });
    }
    await upload(slow());
    expect(await findCampaign(database.store, { tenantId, campaignId })).toMatchObject({
      ...{ progress: { contacts: 1, waiting: 0, final: 1 }, dispositions: { cancelled: 1 } },
    });
  });

  it('whose process died is given up after a while', async () => {
    const begun = { tenantId, campaignId, state: 'running' as const, createdAt: new Date('2026-03-02T08:00:00Z') };
    await database.store.prisma.contactImport.create({ data: { id: '7f1b8d3e-0000-4000-8000-000000000001', ...begun } });
    expect(await failAbandonedImports(database.store, { before: new Date('2026-03-02T07:59:00Z'), now: now() })).toBe(0);
    expect(await failAbandonedImports(database.store, { before: new Date('2026-03-02T08:30:00Z'), now: now() })).toBe(1);
  });

  it('belongs to its tenant and its campaign alone', async () => {
    const { id: importId } = await upload(pieces('phone\n4155550132\n'));
    expect(await findImport(database.store, { tenantId: 'other', campaignId, importId })).toBeNull();
    expect(await findImport(database.store, { tenantId, campaignId: importId, importId })).toBeNull();
  });
});
