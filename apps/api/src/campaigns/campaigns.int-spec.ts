import { gzipSync } from 'node:zlib';
import { request as httpRequest } from 'node:http';
import type { CampaignView } from '@carillon/contracts';
import { openTestApi, type TestApi } from '../testing/open-test-api.js';

let api: TestApi;
let headers: { authorization: string };
let campaignId: string;
beforeAll(async () => {
  api = await openTestApi();
  headers = await api.authorize();
});
afterAll(() => api.close());
beforeEach(async () => {
  campaignId = (await create()).body.id;
});

const initiate = { bot_company: 'Contoso', bot_name: 'Amélie', agent_phone_number: '+14155550199' };
const create = (overrides: object = {}) =>
  api.http
    .post('/campaigns')
    .set(headers)
    .send({ name: 'Spring', policy: 'none', default_region: 'US', initiate, ...overrides });
const upload = (csv: string | Buffer, type = 'text/csv') =>
  api.http.post(`/campaigns/${campaignId}/contacts`).set(headers).set('content-type', type).send(csv);
const act = (action: string, as = headers) => api.http.post(`/campaigns/${campaignId}/${action}`).set(as);
const get = (path: string, as = headers) => api.http.get(path).set(as);

describe('a campaign', () => {
  it('is made, given contacts, started, paused, resumed and cancelled', async () => {
    const made = await create({ max_concurrent: 3 });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      name: 'Spring',
      status: 'draft',
      policies: ['none'],
      max_concurrent: 3,
      ring_timeout_ms: 30_000,
      progress: { contacts: 0 },
    });
    const uploaded = await upload('name,phone\nAnn,415-555-0132\nBob,4155550133\n');
    expect(uploaded.status).toBe(201);
    expect(uploaded.body).toMatchObject({ state: 'done', total: 2, imported: 2, rejected: 0, duplicates: 0 });
    const steps = { start: 'running', pause: 'paused', resume: 'running', cancel: 'cancelled' };
    for (const [action, status] of Object.entries(steps)) {
      const answer = await act(action);
      expect([answer.status, answer.body.status]).toEqual([200, status]);
    }
    expect((await get(`/campaigns/${campaignId}`)).body).toMatchObject({
      progress: { contacts: 2, final: 2 },
      dispositions: { cancelled: 2 },
    });
    expect((await get('/campaigns')).body.map(({ id }: CampaignView) => id)).toContain(campaignId);
  });

  it.each([
    ['name', { name: '' }, 'name'],
    ['policy', { policy: 'wild' }, 'policy'],
    ['default_region', { default_region: 'USA' }, 'default_region'],
    ['a default_region that is no country', { default_region: 'XX' }, 'default_region'],
    ['initiate', { initiate: { ...initiate, bot_name: undefined } }, 'initiate.bot_name'],
    ['max_concurrent', { max_concurrent: 0 }, 'max_concurrent'],
    ['ring_timeout_ms', { ring_timeout_ms: 1 }, 'ring_timeout_ms'],
    ['a ring timeout that its policy does not allow', { policy: ['none', 'us-federal'], ring_timeout_ms: 14_999 }, 'ring_timeout_ms'],
    ['max_call_ms', { max_call_ms: '60 s' }, 'max_call_ms'],
  ])('is refused with its field: %s', async (_what, overrides, field) => {
    const answer = await create(overrides);
    expect([answer.status, answer.body.error.fields.map((fault: { field: string }) => fault.field)]).toEqual([422, [field]]);
  });

  it('tells what its policies demand beside hours and caps, and is not changed to what they forbid', async () => {
    const { body: made } = await create({ policy: 'none', ring_timeout_ms: 5_000 });
    const patch = (change: object) => api.http.patch(`/campaigns/${made.id}`).set(headers).send(change);
    const refused = await patch({ policy: 'us-federal' });
    expect([refused.status, refused.body.error.fields]).toEqual([
      422,
      [{ field: 'ring_timeout_ms', message: expect.stringContaining('at least 15000') }],
    ]);
    const changed = await patch({ policy: 'us-federal', ring_timeout_ms: 15_000 });
    expect(changed.status).toBe(200);
    expect(changed.body.demands).toEqual(
      expect.arrayContaining([
        { rule: 'us-federal/identify', text: expect.any(String), said_by_agent: true },
        { rule: 'us-federal/registry', text: expect.any(String), said_by_agent: false },
      ]),
    );
  });

  it('does not start without contacts, and says what to do', async () => {
    const { status, body } = await act('start');
    expect([status, body.error.code]).toEqual([409, 'wrong_campaign_state']);
    expect(body.error.fields).toEqual([{ field: 'contacts', message: expect.stringContaining(`POST /campaigns/${campaignId}/contacts`) }]);
  });

  it('refuses what its state does not allow', async () => {
    expect((await act('pause')).body.error).toMatchObject({ code: 'wrong_campaign_state', fields: [{ field: 'status' }] });
    await act('cancel');
    expect((await upload('phone\n4155550132\n')).body.error).toMatchObject({ code: 'wrong_campaign_state' });
  });

  it('of nobody is not found', async () => {
    for (const id of ['00000000-0000-4000-8000-000000000000', 'spring']) {
      for (const path of [`/campaigns/${id}`, `/campaigns/${id}/report`, `/campaigns/${id}/imports/${campaignId}`]) {
        expect((await get(path)).body.error.code).toBe('not_found');
      }
      expect((await api.http.post(`/campaigns/${id}/start`).set(headers)).status).toBe(404);
    }
  });

  it('of one tenant does not exist for another', async () => {
    const foreign = await api.authorize('admin', 'other');
    const { body: view } = await upload('phone\n4155550132\n');
    const paths = ['', '/report', `/imports/${view.id}`, `/imports/${view.id}/errors.csv`].map((path) => `/campaigns/${campaignId}${path}`);
    for (const path of [...paths, `/events?campaign_id=${campaignId}`]) expect((await get(path, foreign)).status).toBe(404);
    for (const action of ['start', 'pause', 'resume', 'cancel']) expect((await act(action, foreign)).status).toBe(404);
    expect(
      (await api.http.post(`/campaigns/${campaignId}/contacts`).set(foreign).set('content-type', 'text/csv').send('phone\n1')).status,
    ).toBe(404);
    expect((await get('/campaigns', foreign)).body).toEqual([]);
    expect((await get(`/campaigns/${campaignId}`)).body).toMatchObject({ status: 'draft', progress: { contacts: 1 } });
  });

  it('reports, page by page', async () => {
    await upload('phone\n4155550132\n4155550133\n4155550134\n');
    const { body } = await get(`/campaigns/${campaignId}/report?limit=2&offset=1`);
    expect(body).toMatchObject({ contacts: 3, states: { waiting: 3 }, calls: 0, answer_rate: null, reply_latency_ms: { n: 0 } });
    expect(body.collected.map((row: { phone_number: string }) => row.phone_number)).toEqual(['+14155550133', '+14155550134']);
    expect((await get(`/campaigns/${campaignId}/report?limit=0`)).body.error.fields).toMatchObject([{ field: 'limit' }]);
  });
});

describe('an upload', () => {
  it('may be a form', async () => {
    const sent = api.http.post(`/campaigns/${campaignId}/contacts`).set(headers);
    const { status, body } = await sent.field('note', 'x').attach('file', Buffer.from('phone;name\n4155550132;Ann\n'), 'contacts.csv');
    expect([status, body.imported]).toEqual([201, 1]);
  });

  it('tells its bad rows, and gives them back', async () => {
    const { body: view } = await upload('phone,name\nsoon,=Ann\n4155550132,Bob\n');
    expect(view).toMatchObject({
      imported: 1,
      rejected: 1,
      errors: [{ line: 2, column: 'phone', reason: expect.stringContaining('"soon"') }],
    });
    expect((await get(`/campaigns/${campaignId}/imports/${view.id}`)).body).toEqual(view);
    const errors = await get(`/campaigns/${campaignId}/imports/${view.id}/errors.csv`);
    expect(errors.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="errors.csv"',
    });
    expect(errors.text).toMatch(/^phone,name,error_line,error_column,error_reason\r\nsoon,'=Ann,2,phone,/);
  });

  it.each([
    ['nothing', '', 'csv_unreadable', /empty/],
    ['blank lines', '\n\n', 'csv_unreadable', /empty/],
    ['a header alone', 'phone,name\n', 'csv_unreadable', /no rows/],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]), 'csv_unreadable', /binary/],
    ['gzip', gzipSync('phone\n4155550132\n'), 'csv_unreadable', /unpack/],
    ['a workbook', Buffer.from('PK\u0003\u0004…'), 'csv_unreadable', /save the sheet as CSV/],
    ['no phone column', 'name,city\nAnn,Oslo\n', 'csv_without_phone_column', /"phone_number"/],
    ['no header', 'Ann,+14155550132\n', 'csv_without_phone_column', /add a header row/],
    ['an open quote', 'phone,name\n4155550132,"Ann\n', 'csv_unreadable', /line 2 is never closed/],
  ])('of %s is refused with what to do', async (_what, csv, code, fix) => {
    const { status, body } = await upload(csv);
    expect([status, body.error.code]).toEqual([422, code]);
    expect(body.error.fields).toEqual([{ field: 'file', message: expect.stringMatching(fix) }]);
    expect((await get('/campaigns')).status).toBe(200);
  });

  it.each(['application/json', 'application/x-www-form-urlencoded', 'application/gzip'])('as %s is refused', async (type) => {
    const { status, body } = await upload('{}', type);
    expect([status, body.error.code, body.error.fields[0].field]).toEqual([415, 'unsupported_media_type', 'content-type']);
  });

  it('that is compressed on the way is refused', async () => {
    const { status, body } = await upload(gzipSync('phone\n1')).set('content-encoding', 'gzip');
    expect([status, body.error.fields[0].field]).toEqual([415, 'content-encoding']);
  });

  it.each([
    ['without a file', (form: FormLike) => form.field('note', 'x'), /no file in the field "file"/],
    ['with its file in another field', (form: FormLike) => form.attach('upload', Buffer.from('phone\n1'), 'a.csv'), /field "upload"/],
  ])('as a form %s is refused', async (_what, fill, message) => {
    const { status, body } = await fill(api.http.post(`/campaigns/${campaignId}/contacts`).set(headers));
    expect([status, body.error.fields]).toEqual([422, [{ field: 'file', message: expect.stringMatching(message) }]]);
  });

  it.each([
    ['no boundary', 'multipart/form-data', 'x', /boundary/],
    [
      'no end',
      'multipart/form-data; boundary=b',
      '--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nphone\n415',
      /form/,
    ],
  ])('as a form with %s is refused', async (_what, type, body, message) => {
    const answer = await upload(body, type);
    expect([answer.status, answer.body.error.fields]).toEqual([422, [{ field: 'file', message: expect.stringMatching(message) }]]);
  });

  it('that is refused early still gets its answer, however much is on its way', async () => {
    const answer = await upload(`name\n${'Ann\n'.repeat(2_000_000)}`);
    expect([answer.status, answer.body.error.code]).toEqual([422, 'csv_without_phone_column']);
    const sent = api.http.post(`/campaigns/${campaignId}/contacts`).set(headers);
    const form = await sent.attach('file', Buffer.from(`name\n${'Ann\n'.repeat(2_000_000)}`), 'a.csv');
    expect([form.status, form.body.error.code]).toEqual([422, 'csv_without_phone_column']);
  });

  it.each(['text/csv', 'multipart/form-data; boundary=b'])('that breaks off as %s is given up, and nothing else suffers', async (type) => {
    const upload = httpRequest(`${api.url}/campaigns/${campaignId}/contacts`, {
      method: 'POST',
      headers: { ...headers, 'content-type': type },
    });
    upload.on('error', () => undefined);
    upload.write('--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nphone\n4155550132\n');
    await until(async () => (await imports()).length > 0);
    upload.destroy();
    await until(async () => (await imports())[0]?.state === 'failed');
    expect((await get(`/campaigns/${campaignId}`)).status).toBe(200);
  });
});

const imports = () => api.database.store.prisma.contactImport.findMany({ where: { campaignId } });

interface FormLike {
  field(name: string, value: string): FormLike;
  attach(name: string, file: Buffer, filename: string): FormLike;
  then: PromiseLike<{ status: number; body: { error: { fields: object[] } } }>['then'];
}

/** Looks until it is so: what happens after a broken connection is told to nobody. The test's own time limit ends it. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}
