import { addContacts } from '@carillon/testing';
import { openTestApi, type TestApi } from '../testing/open-test-api.js';

let api: TestApi;
let headers: { authorization: string };
let campaignId: string;
let phone: string;
let person = 0;
beforeAll(async () => {
  api = await openTestApi();
  headers = await api.authorize();
});
afterAll(() => api.close());
beforeEach(async () => {
  const initiate = { bot_company: 'Contoso', bot_name: 'Amélie', agent_phone_number: '+14155550199' };
  const { body } = await api.http.post('/campaigns').set(headers).send({ name: 'Spring', policy: 'none', default_region: 'US', initiate });
  campaignId = body.id;
  phone = `+1415559${String(person++).padStart(4, '0')}`;
  await addContacts(api.database.store, { tenantId: 'default', campaignId, phones: [phone], now: new Date() });
});

const post = (body: object, as = headers) => api.http.post('/blacklist').set(as).send(body);
const check = (as = headers) => api.http.get(`/blacklist/${phone}`).set(as);
const contacts = async () => (await api.http.get(`/campaigns/${campaignId}/contacts`).set(headers)).body.items;

describe('the blacklist', () => {
  it('takes a number, tells why it is there, and gives it free again', async () => {
    const { status, body } = await post({ phone_number: phone, reason: 'complaint' });
    expect([status, body]).toEqual([201, { added: 1, already_listed: 0, contacts_stopped: 1, calls_released: 0 }]);
    expect(await contacts()).toMatchObject([{ state: 'final', disposition: 'blacklisted' }]);
    const { body: why } = await check();
    expect(why).toMatchObject({ blacklisted: true, entries: [{ reason: 'complaint', scope: 'tenant', source: 'api' }] });
    expect((await api.http.delete(`/blacklist/${why.entries[0].id}`).set(headers)).status).toBe(204);
    expect((await check()).body).toMatchObject({ blacklisted: false, entries: [] });
    expect((await api.http.delete(`/blacklist/${why.entries[0].id}`).set(headers)).status).toBe(404);
    const audit = await api.database.store.prisma.auditEntry.findMany({ where: { subject: 'blacklist' }, orderBy: { id: 'asc' } });
    expect(audit.map(({ actor, action }) => [actor, action])).toEqual([
      ['test', 'add'],
      ['test', 'remove'],
    ]);
  });

  it('also stops a call by REST', async () => {
    await post({ phone_number: phone });
    const call = { phone_number: phone, bot_company: 'Contoso', bot_name: 'Amélie', agent_phone_number: '+14155550199' };
    for (const more of [{}, { schedule_if_refused: true }, { not_before: '2036-03-02T09:00:00Z' }]) {
      const { status, body } = await api.http
        .post('/call')
        .set(headers)
        .send({ ...call, ...more });
      expect([status, body.error.code, body.error.reasons]).toEqual([
        409,
        'refused',
        [expect.objectContaining({ code: 'blacklisted', until: null })],
      ]);
    }
  });

  it('of one campaign is for this one alone', async () => {
    await post({ phone_number: [phone], campaign_id: campaignId });
    expect((await check()).body).toMatchObject({ blacklisted: false, entries: [{ scope: 'campaign', campaign_id: campaignId }] });
    const nobody = await post({ phone_number: phone, campaign_id: '00000000-0000-4000-8000-000000000000' });
    expect([nobody.status, nobody.body.error.code]).toEqual([404, 'not_found']);
  });

  it('for everybody takes an admin', async () => {
    const refused = await post({ phone_number: phone, scope: 'global' });
    expect([refused.status, refused.body.error.fields]).toEqual([403, [expect.objectContaining({ field: 'scope' })]]);
    const admin = await api.authorize('admin', 'other');
    expect((await post({ phone_number: phone, scope: 'global' }, admin)).body).toMatchObject({ added: 1, contacts_stopped: 1 });
    const { body } = await check();
    expect(body).toMatchObject({ blacklisted: true, entries: [{ scope: 'global' }] });
    expect((await api.http.delete(`/blacklist/${body.entries[0].id}`).set(headers)).status).toBe(403);
  });

  it('of one tenant says nothing to another', async () => {
    await post({ phone_number: phone });
    const foreign = await api.authorize('admin', 'other');
    expect((await check(foreign)).body).toMatchObject({ blacklisted: false, entries: [] });
    expect((await api.http.get('/blacklist').query({ phone_number: phone }).set(foreign)).body.items).toEqual([]);
    expect((await api.http.get('/blacklist').query({ phone_number: phone }).set(headers)).body.items).toHaveLength(1);
  });

  it.each([
    ['no number', { phone_number: '12' }, 'phone_number'],
    ['too many', { phone_number: Array.from({ length: 1_001 }, () => '+14155550100') }, 'phone_number'],
    ['two scopes', { phone_number: '+14155550100', scope: 'global', campaign_id: '00000000-0000-4000-8000-000000000000' }, 'campaign_id'],
    ['an end in a year that never comes', { phone_number: '+14155550100', expires_at: '9999-01-01T00:00:00Z' }, 'expires_at'],
    ['an end in the past', { phone_number: '+14155550100', expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
  ])('refuses %s', async (_what, body, field) => {
    const answer = await post(body);
    expect([answer.status, answer.body.error.fields[0].field]).toEqual([422, expect.stringContaining(field)]);
  });

  it('is filled from a file', async () => {
    const { status, body } = await api.http
      .post('/blacklist/import?reason=list+of+the+regulator')
      .set(headers)
      .set('content-type', 'text/csv')
      .send(`name,phone\nAnn,${phone}\nBob,soon\n`);
    expect([status, body]).toEqual([201, expect.objectContaining({ rows: 2, added: 1, rejected: 1, contacts_stopped: 1 })]);
    expect(body.errors).toEqual([{ line: 3, column: 'phone', reason: expect.any(String) }]);
    expect((await check()).body).toMatchObject({ entries: [{ reason: 'list of the regulator', source: 'import' }] });
    const other = await api.http.post('/blacklist/import').set(headers).set('content-type', 'application/json').send('{}');
    expect([other.status, other.body.error.code]).toEqual([415, 'unsupported_media_type']);
  });

  describe('by a file', () => {
    const send = (csv: string, query = '') =>
      api.http.post(`/blacklist/import${query}`).set(headers).set('content-type', 'text/csv').send(csv);
    const national = () => phone.slice(2);

    it('whose numbers lack their country code asks for the region rather than guess it', async () => {
      const { status, body } = await send(`phone\n${phone}\n${national()}\n`);
      expect([status, body.error.code, body.error.fields]).toEqual([
        422,
        'invalid_body',
        [{ field: 'default_region', message: expect.stringContaining('line 3 has a number without a country code') }],
      ]);
      expect((await send(`phone\n${national()}\n`, '?default_region=US')).body).toMatchObject({ added: 1 });
      const unknown = await send(`phone\n${national()}\n`, '?default_region=XX');
      expect([unknown.status, unknown.body.error.fields]).toEqual([
        422,
        [{ field: 'default_region', message: expect.stringContaining('no country has the code XX') }],
      ]);
      const form = api.http.post('/blacklist/import').set(headers).field('default_region', 'US').field('reason', 'told by form');
      expect((await form.attach('file', Buffer.from(`phone\n${national()}\n`), 'list.csv')).body).toMatchObject({ already_listed: 1 });
    });

    it('that breaks off half way leaves in the audit trail what went in', async () => {
      const marker = `broken ${phone}`;
      const thousand = Array.from({ length: 1_000 }, (_, n) => `+1415${String(2_100_000 + person * 2_000 + n)}`);
      const { status, body } = await send(`phone\n${thousand.join('\n')}\n${national()}\n`, `?reason=${encodeURIComponent(marker)}`);
      expect([status, body.error.fields[0].message]).toEqual([
        422,
        expect.stringContaining('1000 numbers of the file are on the blacklist already'),
      ]);
      const entries = await api.database.store.prisma.auditEntry.findMany({ where: { subject: 'blacklist', action: 'import' } });
      const notes = entries.map(({ actor, changes }) => ({ actor, ...(changes as { entries: { to: { reason: string } } }).entries.to }));
      expect(notes.filter(({ reason }) => reason === marker)).toMatchObject([{ actor: 'test', added: 1_000, failure: 'invalid_body' }]);
    });
  });
});
