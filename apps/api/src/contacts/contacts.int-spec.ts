import { request as httpRequest } from 'node:http';
import type { ImportView } from '@carillon/contracts';
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
  const initiate = { bot_company: 'Contoso', bot_name: 'Amélie', agent_phone_number: '+14155550199' };
  const made = await api.http.post('/campaigns').set(headers).send({ name: 'Spring', policy: 'none', default_region: 'US', initiate });
  campaignId = made.body.id;
});

const path = (rest: string) => `/campaigns/${campaignId}${rest}`;
const post = (rest: string, csv: string | Buffer) => api.http.post(path(rest)).set(headers).set('content-type', 'text/csv').send(csv);
const get = (rest: string, as = headers) => api.http.get(path(rest)).set(as);
const mapping = (value: object) => `mapping=${encodeURIComponent(JSON.stringify(value))}`;
const importId = '7f1b8d3e-0000-4000-8000-00000000000a';

describe('an upload', () => {
  it('answers with where it can be looked at, and is in the list', async () => {
    const { status, body, headers: told } = await post('/contacts?file_name=spring.csv', 'phone,name\n4155550132,Ann\n4155550132,Ann\n');
    expect([status, told['location']]).toEqual([201, path(`/imports/${body.id}`)]);
    const counts = { total: 2, imported: 1, rejected: 0, duplicates: 1, repeated: 1, blacklisted: 0, errors: [] };
    expect(body).toMatchObject({ state: 'done', file_name: 'spring.csv', size_bytes: 41, read_bytes: 41, eta_ms: null, ...counts });
    expect((await get('/imports')).body).toMatchObject([{ id: body.id, state: 'done', ...counts }]);
    expect((await get(`/imports/${body.id}`)).body).toMatchObject({ id: body.id, ...counts });
  });

  it('goes by the mapping of its query, or of the form in which it comes', async () => {
    const csv = 'who,reach,nickname\nAnn,4155550132,A\n';
    expect((await post('/contacts', csv)).body.error.fields[0].message).toContain('mapping={"phone":"reach"}');
    expect((await post(`/contacts?${mapping({ phone: 'reach', ignore: ['nickname'] })}`, csv)).body).toMatchObject({ imported: 1 });
    const form = api.http.post(path('/contacts')).set(headers).field('mapping', '{"phone":"reach"}').field('dry_run', 'true');
    const { status, body } = await form.attach('file', Buffer.from(csv), 'people.csv');
    expect([status, body.dry_run, body.duplicates]).toEqual([201, true, 1]);
    const [contact] = await api.database.store.prisma.contact.findMany({ where: { campaignId } });
    expect(contact?.variables).toEqual({ who: 'Ann' });
  });

  it.each([
    ['mapping=phone', 'mapping'],
    ['mapping=%7B%22phones%22%3A1%7D', 'mapping'],
    ['dry_run=perhaps', 'dry_run'],
    ['import_id=mine', 'import_id'],
    [mapping({ phone: 'nowhere' }), 'mapping.phone'],
  ])('with the query %s is refused with its field', async (query, field) => {
    const { status, body } = await post(`/contacts?${query}`, 'phone\n4155550132\n');
    expect([status, body.error.code, body.error.fields[0].field]).toEqual([422, 'invalid_body', field]);
  });

  it('runs dry without a trace', async () => {
    const { status, body } = await post('/contacts?dry_run=true', 'phone,state\n4155550132,the west\nsoon,\n4155550133,CA\n');
    expect(status).toBe(201);
    expect(body).toMatchObject({ dry_run: true, total: 3, imported: 2, rejected: 1, region_not_read: 1, errors: [{ line: 3 }] });
    expect((await get('/imports')).body).toEqual([]);
    expect((await get('')).body.progress.contacts).toBe(0);
  });

  it.each([
    [
      'a field after the file',
      [
        ['file', 'phone\n4155550132\n'],
        ['dry_run', 'true'],
      ],
      'invalid_body',
      'dry_run',
    ],
    [
      'a second file',
      [
        ['file', 'phone\n4155550132\n'],
        ['file', 'phone\n4155550133\n'],
      ],
      'invalid_body',
      'file',
    ],
  ])('is refused with %s', async (_what, parts, code, field) => {
    const form = new FormData();
    for (const [name, text] of parts as [string, string][])
      form.append(name, name === 'file' ? new Blob([text], { type: 'text/csv' }) : text);
    const answer = await fetch(`${api.url}${path('/contacts')}`, { method: 'POST', headers, body: form });
    const { error } = await answer.json();
    expect([answer.status, error.code, error.fields[0].field]).toEqual([422, code, field]);
    expect((await get('')).body.progress.contacts).toBe(0);
  });

  describe('in a form that goes on after a big file', () => {
    const form = (field: string, text: string | Blob) => {
      const parts = new FormData();
      const rows = Array.from({ length: 20_000 }, (_, n) => `+1415${2_300_000 + n}`);
      parts.append('file', new Blob([`phone\n${rows.join('\n')}\n`], { type: 'text/csv' }));
      parts.append(field, text);
      return parts;
    };
    const send = async (rest: string, body: FormData) => {
      const answer = await fetch(`${api.url}${path(rest)}`, { method: 'POST', headers, body });
      return { status: answer.status, error: (await answer.json()).error };
    };

    it.each([
      ['dry_run', 'true'],
      ['file', new Blob(['phone\n+14155550133\n'])],
    ])('(%s) is taken back, and says so', async (field, text) => {
      const { status, error } = await send('/contacts', form(field, text));
      const [view] = (await get('/imports')).body;
      expect([status, error.code, error.fields]).toEqual([
        422,
        'invalid_body',
        [{ field, message: expect.stringContaining(`the contacts of import ${view.id} were taken back`) }],
      ]);
      expect(view).toMatchObject({ state: 'undone', imported: 0, failure: expect.stringContaining('fields') });
      expect(view.total).toBeGreaterThan(1_000); // rows that were contacts for a while
      expect((await get('')).body.progress.contacts).toBe(0);
    });

    it('is not previewed by what it would have been without its end', async () => {
      const { status, error } = await send('/contacts/preview', form('mapping', '{"phone":"phone"}'));
      expect([status, error.code, error.fields[0].field]).toEqual([422, 'invalid_body', 'mapping']);
    });
  });

  it('is previewed', async () => {
    const { status, body } = await post('/contacts/preview', 'phone;tz\n4155550132;Berlin\n4155550133;Europe/Berlin\n');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ delimiter: ';', mapping: { time_zone: { column: 'tz' } }, rows: [{ line: 3, time_zones: ['Europe/Berlin'] }] },
      faults: [{ line: 2, column: 'tz', reason: expect.stringContaining('write Europe/Berlin') }],
    });
  });

  it('is undone, with its bad rows left to read', async () => {
    const { body: view } = await post('/contacts', 'phone\n4155550132\nsoon\n');
    const undone = await api.http.delete(path(`/imports/${view.id}`)).set(headers);
    expect([undone.status, undone.body.state, undone.body.imported, undone.body.rejected]).toEqual([200, 'undone', 0, 1]);
    expect((await get(`/imports/${view.id}/errors.csv`)).text).toContain('soon');
    expect((await get('')).body.progress.contacts).toBe(0);
  });

  it('of one tenant does not exist for another', async () => {
    const { body: view } = await post('/contacts', 'phone\n4155550132\n');
    const foreign = await api.authorize('admin', 'other');
    for (const rest of ['/imports', `/imports/${view.id}`, `/imports/${view.id}/events`])
      expect((await get(rest, foreign)).status).toBe(404);
    expect((await api.http.delete(path(`/imports/${view.id}`)).set(foreign)).status).toBe(404);
    expect((await api.http.delete(path(`/imports/${view.id}`)).set(await api.authorize('viewer'))).status).toBe(403);
  });
});

describe('an upload on its way', () => {
  const rows = Array.from({ length: 12_000 }, (_, index) => `+1415${2_000_000 + index}`);

  /** Sends the first half of a file; the answer comes when `finish` has sent the rest. */
  function begin() {
    const upload = httpRequest(`${api.url}${path(`/contacts?import_id=${importId}`)}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'text/csv' },
    });
    const answered = new Promise<number | undefined>((resolve) => upload.once('response', (answer) => resolve(answer.resume().statusCode)));
    upload.write(`phone\n${rows.slice(0, 11_000).join('\n')}\n`);
    return {
      finish: () => (upload.end(rows.slice(11_000).join('\n')), answered),
      breakOff: () => upload.on('error', () => undefined).destroy(),
    };
  }

  it('that runs dry and comes slowly takes no connection from others; the next one is told when to come again', async () => {
    const others = await api.authorize('admin', 'other');
    const initiate = { bot_company: 'Contoso', bot_name: 'Amélie', agent_phone_number: '+14155550199' };
    const theirs = await api.http.post('/campaigns').set(others).send({ name: 'Autumn', policy: 'none', default_region: 'US', initiate });
    const slow = [headers, others].map((as) => {
      const upload = httpRequest(`${api.url}/campaigns/${as === headers ? campaignId : theirs.body.id}/contacts?dry_run=true`, {
        method: 'POST',
        headers: { ...as, 'content-type': 'text/csv' },
      });
      const answered = new Promise<number | undefined>((resolve) =>
        upload.once('response', (answer) => resolve(answer.resume().statusCode)),
      );
      upload.write('phone\n+14155550132\n');
      return { upload, answered };
    });
    const { bulkPool, pool } = api.database.store;
    await until(async () => bulkPool.totalCount - bulkPool.idleCount === 2);
    const refused = await post('/contacts?dry_run=true', 'phone\n+14155550133\n');
    expect([refused.status, refused.headers['retry-after'], refused.body.error]).toMatchObject([
      503,
      '30',
      { code: 'too_many_uploads', retryable: true },
    ]);
    expect(pool.totalCount - pool.idleCount).toBe(0);
    expect((await post('/contacts', 'phone\n+14155550134\n')).body).toMatchObject({ imported: 1 });
    for (const { upload } of slow) upload.end();
    expect(await Promise.all(slow.map(({ answered }) => answered))).toEqual([201, 201]);
    expect((await post('/contacts?dry_run=true', 'phone\n+14155550133\n')).status).toBe(201);
  });

  const state = async (): Promise<ImportView> => (await get(`/imports/${importId}`)).body;
  const until = async (reached: () => Promise<boolean>) => {
    while (!(await reached())) await new Promise((resolve) => setImmediate(resolve));
  };

  it('is watched from its start to its end under the id that it was given', async () => {
    const upload = begin();
    await until(async () => (await state()).imported > 0);
    const events = await fetch(`${api.url}${path(`/imports/${importId}/events`)}`, { headers });
    expect(events.headers.get('content-type')).toContain('text/event-stream');
    expect((await api.http.delete(path(`/imports/${importId}`)).set(headers)).body.error.code).toBe('wrong_campaign_state');
    expect(await upload.finish()).toBe(201);
    const views = [...(await events.text()).matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json ?? '') as ImportView);
    expect(views[0]).toMatchObject({ id: importId, state: 'running' });
    expect(views.at(-1)).toMatchObject({ state: 'done', total: 12_000, imported: 12_000 });
    expect((await post(`/contacts?import_id=${importId}`, 'phone\n4155550132\n')).status).toBe(409);
  });

  it('that is cut off keeps what has come, and the rest comes with the same file', async () => {
    await api.database.store.prisma.contactImport.deleteMany({ where: { id: importId } });
    const upload = begin();
    await until(async () => (await state()).imported > 0);
    upload.breakOff();
    await until(async () => (await state()).state === 'failed');
    const { imported } = await state();
    const { body } = await post('/contacts', `phone\n${rows.join('\n')}`);
    expect(body).toMatchObject({ imported: 12_000 - imported, duplicates: imported });
    expect((await get('')).body.progress.contacts).toBe(12_000);
  });
});
