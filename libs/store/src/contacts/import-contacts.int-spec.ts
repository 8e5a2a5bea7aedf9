import type { ContactMapping, ImportView } from '@carillon/contracts';
import iconv from 'iconv-lite';
import { exampleCampaign, openTestDatabase, type TestDatabase } from '@carillon/testing';
import { insertCampaign } from '../campaigns/insert-campaign.js';
import { changeCampaignStatus } from '../campaigns/change-campaign-status.js';
import { findCampaign } from '../campaigns/find-campaign.js';
import { errorsCsv } from './errors-csv.js';
import { failAbandonedImports } from './fail-abandoned-imports.js';
import { findImport } from './find-import.sql.js';
import { dryRunContacts } from './dry-run-contacts.js';
import { importContacts } from './import-contacts.js';

const tenantId = 'default';
const now = () => new Date('2026-03-02T09:00:00Z');

let database: TestDatabase;
let campaignId: string;
beforeAll(async () => (database = await openTestDatabase()));
afterAll(() => database.close());
beforeEach(async () => {
  await database.store.prisma.blacklistEntry.deleteMany({ where: { phoneE164: { not: '' } } });
  campaignId = await insertCampaign(database.store, { tenantId, request: exampleCampaign, now: now() });
});

async function* pieces(...texts: (string | Buffer)[]) {
  for (const text of texts) yield Buffer.from(text);
}

const reading = (mapping: ContactMapping = {}, maxBytes = 10_000_000) => ({
  tenantId,
  campaignId,
  defaultRegion: 'US',
  mapping,
  maxBytes,
  now,
});
const upload = (file: AsyncIterable<Buffer>, mapping: ContactMapping = {}, maxBytes = 10_000_000): Promise<ImportView> =>
  importContacts(database.store, { ...reading(mapping, maxBytes), fileName: null, sizeBytes: null, traceparent: '00-ab-cd-01' }, file);
const dryRun = (file: AsyncIterable<Buffer>) => dryRunContacts(database.store, reading(), file);

/** Different numbers, enough of them for several blocks and so for a thread. */
const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `+1415${2_000_000 + from + index}`);
const blacklist = (phoneE164: string, entry: { tenantId?: string; scope?: string; expiresAt?: Date } = {}) =>
  database.store.prisma.blacklistEntry.create({ data: { tenantId, phoneE164, reason: 'asked for it', source: 'api', ...entry } });

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
    expect(first).toMatchObject({ total: 2, imported: 1, duplicates: 1, repeated: 1 });
    expect(await upload(pieces('phone,name\n+14155550132,Third\n'))).toMatchObject({ imported: 0, duplicates: 1, repeated: 0 });
    expect(await contacts()).toMatchObject([{ variables: { name: 'Ann' } }]);
  });

  it('takes a file of many blocks, in its order, and more refused rows than it shows', async () => {
    const rows = numbers(40_000).map((number, index) => (index % 1_000 === 500 ? `soon,${index}` : `${number},"row\n${index}"`));
    const view = await upload(pieces(`phone,note\n${rows.join('\n')}`));
    expect(view).toMatchObject({ total: 40_000, rejected: 40, imported: 39_960, duplicates: 0 });
    expect(view.errors).toHaveLength(20);
    expect(view.errors[1]).toMatchObject({ line: 3_001, column: 'phone' });
    const csv = await text(errorsCsv(database.store, { tenantId, campaignId, importId: view.id }));
    expect(csv.split('\r\n')).toHaveLength(42);
    const stored = await contacts();
    expect(stored.map(({ phoneE164 }) => phoneE164)).toEqual(numbers(40_000).filter((_, index) => index % 1_000 !== 500));
    expect(stored[39_959]).toMatchObject({ variables: { note: 'row 39999' }, traceparent: null });
  });

  it('counts people on the blacklist and leaves them out, whoever put them there', async () => {
    await blacklist('+14155550131', { tenantId: '*' });
    await blacklist('+14155550132');
    await blacklist('+14155550132', { scope: campaignId });
    await blacklist('+14155550133', { expiresAt: new Date('2026-01-01T00:00:00Z') });
    await blacklist('+14155550134', { tenantId: 'other' });
    await blacklist('+14155550135', { scope: '7f1b8d3e-0000-4000-8000-000000000009' });
    const view = await upload(pieces(`phone\n${[1, 2, 2, 3, 4, 5].map((last) => `415-555-013${last}`).join('\n')}\n`));
    expect(view).toMatchObject({ total: 6, imported: 3, blacklisted: 3, duplicates: 0 });
  });

  it('puts contacts of the same facts into one bucket', async () => {
    await upload(pieces('phone,tz,consent\n+13055550132,,\n+13055550133,,\n+13055550134,America/Denver,yes\n+4930901820,,\n'));
    const buckets = await database.store.prisma.contactBucket.findMany({ where: { campaignId }, orderBy: { key: 'asc' } });
    expect(buckets).toMatchObject([
      { key: 'DE||Europe/Berlin|', country: 'DE', regions: [], timeZones: ['Europe/Berlin'], consent: null },
      { key: 'US|FL|America/Denver|express', regions: ['FL'], timeZones: ['America/Denver'], consent: 'express' },
      { key: 'US|FL|America/New_York|', country: 'US', timeZones: ['America/New_York'] },
    ]);
    expect((await contacts()).map(({ bucketId }) => buckets.findIndex(({ id }) => id === bucketId))).toEqual([2, 2, 1, 0]);
  });

  it.each(['utf-8', 'utf-16le', 'utf-16be', 'win1252', 'gb18030'])(
    'is read whatever its delimiter, in %s, with and without a mark',
    async (encoding) => {
      const name = encoding === 'gb18030' ? '王小明' : encoding === 'win1252' ? 'Jörg' : 'Zoë 王';
      for (const [index, delimiter] of [',', ';', '\t', '|'].entries()) {
        for (const addBOM of encoding === 'win1252' ? [false] : [true, false]) {
          const phone = `415555${1_000 + index * 2 + Number(addBOM)}`;
          const file = iconv.encode(
            [
              ['phone', 'name'],
              [phone, `"${name}"`],
            ]
              .map((row) => row.join(delimiter))
              .join('\r\n'),
            encoding,
            { addBOM },
          );
          expect(await upload(pieces(file.subarray(0, 5), file.subarray(5)))).toMatchObject({ imported: 1, rejected: 0 });
        }
      }
      expect((await contacts()).map(({ variables }) => variables)).toEqual(
        Array.from({ length: encoding === 'win1252' ? 4 : 8 }, () => ({ name })),
      );
    },
  );

  it('in Chinese is read to its last row, also where its bytes are cut within characters', async () => {
    const rows = Array.from({ length: 9_000 }, (_, index) => `${13_800_000_000 + index},王小明${index},"北京，\n朝阳"`);
    const file = iconv.encode(`手机号,姓名,城市\n${rows.join('\n')}\n`, 'gbk');
    async function* cut() {
      for (let at = 0; at < file.length; at += 9_999) yield file.subarray(at, at + 9_999);
    }
    const view = await importContacts(
      database.store,
      { ...reading(), defaultRegion: 'CN', fileName: null, sizeBytes: null, traceparent: null },
      cut(),
    );
    expect(view).toMatchObject({ imported: 9_000, rejected: 0 });
    expect((await contacts()).at(-1)).toMatchObject({
      phoneE164: '+8613800008999',
      variables: { 姓名: '王小明8999', 城市: '北京， 朝阳' },
    });
  });

  it.each([
    ['nothing', [''], 'csv_unreadable'],
    ['a header alone', ['phone,name\n'], 'csv_unreadable'],
    ['no phone column', ['name,city\nAnn,Oslo\n'], 'csv_without_phone_column'],
    ['a quote without an end', ['phone,name\n1,"Ann\n'], 'csv_unreadable'],
    ['binary after the first rows', ['phone,name\n', `${'+14155550132,Ann\n'.repeat(5_000)}`, 'PNG\0\0\0'], 'csv_unreadable'],
    ['a line without an end', ['phone,name\n1,', 'x'.repeat(1_200_000)], 'csv_unreadable'],
    ['more than is allowed', ['phone\n', '4155550132\n'.repeat(1_000_000)], 'body_too_large'],
  ])('of %s fails with its reason', async (_what, texts, code) => {
    await expect(upload(pieces(...texts))).rejects.toMatchObject({ code, fields: [{ field: 'file' }] });
    const failed = await database.store.prisma.contactImport.findFirst({ where: { campaignId } });
    expect(failed).toMatchObject({ state: 'failed', failure: expect.any(String), finishedAt: now() });
  });

  it('of a gigabyte in one line is refused by its first megabytes', async () => {
    let sent = 0;
    async function* endless() {
      yield Buffer.from('phone,name\n');
      for (const piece = Buffer.alloc(65_536, 'x'); sent < 1e9; sent += piece.length) yield piece;
    }
    await expect(upload(endless(), {}, 2e9)).rejects.toMatchObject({ code: 'csv_unreadable' });
    expect(sent).toBeLessThan(2_000_000);
  });

  it('that breaks off leaves a failed import and its rows so far; uploaded again it doubles nobody', async () => {
    const file = Buffer.from(`phone\n${numbers(30_000).join('\n')}\n`);
    async function* broken() {
      yield file.subarray(0, 300_000);
      throw new Error('socket hang up');
    }
    await expect(upload(broken())).rejects.toThrow('socket hang up');
    const [failed] = await database.store.prisma.contactImport.findMany({ where: { campaignId } });
    expect(failed).toMatchObject({ state: 'failed', failure: expect.stringContaining('broke off') });
    expect(failed?.imported).toBeGreaterThan(1_000);
    expect(await contacts()).toHaveLength(failed?.imported ?? 0);
    const again = await upload(pieces(file));
    expect(again).toMatchObject({ total: 30_000, imported: 30_000 - (failed?.imported ?? 0), duplicates: failed?.imported, repeated: 0 });
    expect(await contacts()).toHaveLength(30_000);
  });

  it('twice at the same time makes every contact once', async () => {
    const file = Buffer.from(`phone\n${numbers(25_000).join('\n')}\n`);
    const backwards = Buffer.from(`phone\n${numbers(25_000).reverse().join('\n')}\n`);
    const views = await Promise.all([upload(pieces(file)), upload(pieces(file)), upload(pieces(backwards))]);
    expect(views.map(({ total, imported, duplicates }) => [total, imported + duplicates])).toEqual(views.map(() => [25_000, 25_000]));
    expect(views.reduce((sum, { imported }) => sum + imported, 0)).toBe(25_000);
    expect(views.map(({ repeated }) => repeated)).toEqual([0, 0, 0]);
    expect(await contacts()).toHaveLength(25_000);
  });

  it('that was given up and comes back to life writes nothing more', async () => {
    const lines = numbers(30_000);
    async function* frozen() {
      yield Buffer.from(`phone\n${lines.slice(0, 15_000).join('\n')}\n`);
      const imports = () => database.store.prisma.contactImport.findFirst({ where: { campaignId } });
      while (((await imports())?.imported ?? 0) === 0) await new Promise((resolve) => setImmediate(resolve));
      await failAbandonedImports(database.store, { before: new Date('2026-03-02T10:00:00Z'), now: now() });
      yield Buffer.from(lines.slice(15_000).join('\n'));
    }
    await expect(upload(frozen())).rejects.toThrow('given up');
    const given = await database.store.prisma.contactImport.findFirst({ where: { campaignId } });
    expect(given).toMatchObject({ state: 'failed' });
    expect(await contacts()).toHaveLength(given?.imported ?? -1);
  });

  it('under an id that is taken is refused', async () => {
    const importId = '7f1b8d3e-0000-4000-8000-00000000000a';
    const once = { ...reading(), importId, fileName: 'a.csv', sizeBytes: 17, traceparent: null };
    const view = await importContacts(database.store, once, pieces('phone\n4155550132\n'));
    expect(view).toMatchObject({ id: importId, file_name: 'a.csv', size_bytes: 17, read_bytes: 17 });
    await expect(importContacts(database.store, once, pieces('phone\n4155550132\n'))).rejects.toMatchObject({ code: 'already_exists' });
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
      await changeCampaignStatus(database.store, { tenantId, campaignId, action: 'cancel', actor: 'test', now: now() });
    }
    await upload(slow());
    expect(await findCampaign(database.store, { tenantId, campaignId })).toMatchObject({
      ...{ progress: { contacts: 1, waiting: 0, final: 1 }, dispositions: { cancelled: 1 } },
    });
  });

  it('whose process died is given up after a while', async () => {
    const begun = {
      tenantId,
      campaignId,
      state: 'running' as const,
      createdAt: new Date('2026-03-02T07:00:00Z'),
      seenAt: new Date('2026-03-02T08:00:00Z'),
    };
    await database.store.prisma.contactImport.create({ data: { id: '7f1b8d3e-0000-4000-8000-000000000001', ...begun } });
    expect(await failAbandonedImports(database.store, { before: new Date('2026-03-02T07:59:00Z'), now: now() })).toBe(0);
    expect(await failAbandonedImports(database.store, { before: new Date('2026-03-02T08:30:00Z'), now: now() })).toBe(1);
  });

  it('belongs to its tenant and its campaign alone', async () => {
    const { id: importId } = await upload(pieces('phone\n4155550132\n'));
    expect(await findImport(database.store, { tenantId: 'other', campaignId, importId }, now())).toBeNull();
    expect(await findImport(database.store, { tenantId, campaignId: importId, importId }, now())).toBeNull();
  });
});

describe('a dry run', () => {
  it('counts what the upload then does, and stores nothing', async () => {
    await upload(pieces(`phone\n${numbers(50).join('\n')}\n`));
    await blacklist(numbers(1, 60)[0] ?? '');
    const rows = [...numbers(20_000, 20), ...numbers(30, 100), 'soon', '', ...numbers(2, 60), '+1'];
    const file = () => pieces(`phone,note\n${rows.map((phone) => `${phone},x`).join('\n')}\n`);
    const imports = await database.store.prisma.contactImport.count();
    const foreseen = await dryRun(file());
    expect(await contacts()).toHaveLength(50);
    expect(await database.store.prisma.contactImport.count()).toBe(imports);
    const { dry_run, region_not_read: _regions, ...counts } = foreseen;
    expect(dry_run).toBe(true);
    expect(counts).toMatchObject({ total: 20_035, rejected: 3, blacklisted: 2, duplicates: 30 + 31, repeated: 31 });
    expect(await upload(file())).toMatchObject(counts);
  });

  it('leaves its connection clean, also after a fault', async () => {
    await expect(dryRun(pieces('phone,name\n1,"Ann\n'))).rejects.toMatchObject({ code: 'csv_unreadable' });
    for (let time = 0; time < 3; time += 1) expect(await dryRun(pieces('phone\n4155550132\n'))).toMatchObject({ imported: 1, errors: [] });
  });
});
