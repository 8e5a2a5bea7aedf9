import { addContacts } from '@carillon/testing';
import { openTestApi, type TestApi } from '../testing/open-test-api.js';

let api: TestApi;
let headers: { authorization: string };
let campaignId: string;
let person = 0;
beforeAll(async () => {
  api = await openTestApi();
  headers = await api.authorize();
});
afterAll(() => api.close());
beforeEach(async () => {
  const { body } = await create();
  campaignId = body.id;
  const phones = [`+1415558${String(person++).padStart(4, '0')}`];
  await addContacts(api.database.store, { tenantId: 'default', campaignId, phones, now: new Date() });
});

const initiate = { bot_company: 'Contoso', bot_name: 'Amélie', agent_phone_number: '+14155550199' };
const create = (more: object = {}) =>
  api.http
    .post('/campaigns')
    .set(headers)
    .send({ name: 'Spring', policy: 'none', default_region: 'US', initiate, ...more });
const act = (action: string) => api.http.post(`/campaigns/${campaignId}/${action}`).set(headers);
const patch = (change: object) => api.http.patch(`/campaigns/${campaignId}`).set(headers).send(change);
const get = (path = '') => api.http.get(`/campaigns/${campaignId}${path}`).set(headers);

describe('a campaign', () => {
  it('shows its settings as they were sent, and the rest with their defaults', async () => {
    const windows = [{ days: ['mon', 'tue'], from: '09:00', to: '17:30' }];
    const sent = { policy: ['uk', 'eu'], windows, weight: 3, per_person: { max_per_day: 1 }, consent: 'express' };
    const { status, body } = await create(sent);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      policies: ['uk', 'eu'],
      windows,
      weight: 3,
      per_person: { max_per_day: 1, max_per_week: null },
      consent: 'express',
    });
    expect(body).toMatchObject({ holidays: [], pacing: { mode: 'progressive' }, starts_at: null, held: null, spent: 0, version: 1 });
    const { body: stored } = await api.http.get(`/campaigns/${body.id}`).set(headers);
    expect(stored).toEqual(body);
  });

  it.each([
    ['a window that ends before it starts', { windows: [{ days: ['mon'], from: '12:00', to: '09:00' }] }, 'windows.0.to'],
    ['an end before the start', { starts_at: '2036-03-02T09:00:00Z', ends_at: '2036-03-01T09:00:00Z' }, 'ends_at'],
    ['a date without its offset', { starts_at: '2036-03-02 09:00' }, 'starts_at'],
    ['a policy that nobody knows', { policy: ['uk', 'wild'] }, 'policy'],
  ])('is refused with %s', async (_what, more, field) => {
    const { status, body } = await create(more);
    expect([status, body.error.fields.map((fault: { field: string }) => fault.field)]).toEqual([422, [field]]);
  });

  it('is changed while it runs, with an eye on its version', async () => {
    await act('start');
    const changed = await patch({ version: 2, max_concurrent: 2, policy: 'fr' });
    expect([changed.status, changed.body.max_concurrent, changed.body.policies, changed.body.version]).toEqual([200, 2, ['fr'], 3]);
    const stale = await patch({ version: 2, max_concurrent: 5 });
    expect([stale.status, stale.body.error.code]).toEqual([409, 'stale_version']);
    const odd = await patch({ max_concurent: 5 });
    expect([odd.status, odd.body.error.details.join()]).toEqual([422, expect.stringContaining('max_concurent')]);
    expect((await patch({ max_concurrent: 0 })).body.error.fields).toMatchObject([{ field: 'max_concurrent' }]);
    expect((await patch({ ends_at: '2036-03-01T09:00:00Z', starts_at: '2036-03-01T09:00:00Z' })).body.error.fields).toMatchObject([
      { field: 'ends_at' },
    ]);
    await act('cancel');
    expect((await patch({ max_concurrent: 5 })).body.error.code).toBe('wrong_campaign_state');
  });

  it('that starts later is scheduled until then, and can be started now', async () => {
    await patch({ starts_at: '2036-03-02T09:00:00+01:00' });
    expect((await act('start')).body).toMatchObject({ status: 'scheduled', starts_at: '2036-03-02T08:00:00.000Z' });
    expect((await act('start')).body.error.fields).toMatchObject([{ field: 'starts_at' }]);
    await patch({ starts_at: null });
    expect((await act('start')).body).toMatchObject({ status: 'running' });
  });

  it('remembers who did what, page by page', async () => {
    const ops = await api.authorize('operator');
    await api.http.post(`/campaigns/${campaignId}/start`).set(ops);
    await act('pause');
    const first = await get('/audit?limit=2');
    expect(first.body.items.map(({ actor, action }: { actor: string; action: string }) => [actor, action])).toEqual([
      ['test', 'pause'],
      ['test', 'start'],
    ]);
    const rest = await get(`/audit?limit=2&after=${first.body.next}`);
    expect([rest.body.items.map(({ action }: { action: string }) => action), rest.body.next]).toEqual([['create'], null]);
    expect((await get('/audit?after=x')).body.error.fields).toMatchObject([{ field: 'after' }]);
    const foreign = await api.authorize('admin', 'other');
    expect((await api.http.get(`/campaigns/${campaignId}/audit`).set(foreign)).status).toBe(404);
    expect((await api.http.patch(`/campaigns/${campaignId}`).set(foreign).send({ name: 'x' })).status).toBe(404);
  });
});
