import { openTestApi, type TestApi } from '../testing/open-test-api.js';

let api: TestApi;
let headers: { authorization: string };
beforeAll(async () => {
  api = await openTestApi();
  headers = await api.authorize();
});
afterAll(() => api.close());

const add = (phone_number: string, more: object = {}) =>
  api.http
    .post('/numbers')
    .set(headers)
    .send({ phone_number, ...more });

describe('our numbers', () => {
  it('are added, changed, put to rest, woken and removed', async () => {
    const made = await add('+1 415 555 0123', { daily_cap: 100 });
    expect([made.status, made.body]).toMatchObject([201, { phone_number: '+14155550123', country: 'US', region: 'CA', daily_cap: 100 }]);
    expect((await add('+14155550123')).body.error.code).toBe('already_exists');
    const path = '/numbers/+14155550123';
    expect((await api.http.patch(path).set(headers).send({ daily_cap: null, enabled: false })).body).toMatchObject({
      daily_cap: null,
      enabled: false,
    });
    const rested = await api.http.post(`${path}/rest`).set(headers).send({ until: '2036-03-02T09:00:00Z' });
    expect(rested.body.resting).toEqual({ until: '2036-03-02T09:00:00.000Z', reason: expect.any(String) });
    expect((await api.http.post(`${path}/wake`).set(headers)).body.resting).toBeNull();
    expect((await api.http.get('/numbers').set(headers)).body).toHaveLength(1);
    expect((await api.http.delete(path).set(headers)).status).toBe(204);
    expect((await api.http.get(path).set(headers)).status).toBe(404);
  });

  it('are nobody else’s', async () => {
    await add('+14155550124');
    const foreign = await api.authorize('admin', 'other');
    expect((await api.http.get('/numbers').set(foreign)).body).toEqual([]);
    expect((await api.http.patch('/numbers/+14155550124').set(foreign).send({ enabled: false })).status).toBe(404);
    const viewer = await api.authorize('viewer');
    expect((await api.http.delete('/numbers/+14155550124').set(viewer)).status).toBe(403);
  });

  it.each([
    ['a number that is none', { phone_number: '12' }, 'phone_number'],
    ['a limit of nothing', { phone_number: '+14155550125', daily_cap: 0 }, 'daily_cap'],
    ['a country in words', { phone_number: '+14155550125', country: 'Spain' }, 'country'],
  ])('refuse %s', async (_what, body, field) => {
    const answer = await api.http.post('/numbers').set(headers).send(body);
    expect([answer.status, answer.body.error.fields[0].field]).toEqual([422, field]);
  });
});

describe('the limits of a tenant', () => {
  const put = (body: object) => api.http.put('/limits').set(headers).send(body);

  it('are none at first, and are replaced as a whole', async () => {
    const none = { time_zone: 'UTC', max_concurrent: null, calls_per_second: null, daily_cap: null, countries: {}, policies: [] };
    expect((await api.http.get('/limits').set(headers)).body).toEqual(none);
    const limits = { time_zone: 'Europe/Paris', daily_cap: 200, countries: { FR: { calls_per_second: 2 } }, policies: 'fr' };
    const set = { ...none, ...limits, countries: { FR: { calls_per_second: 2, max_concurrent: null } }, policies: ['fr'] };
    expect((await put(limits)).body).toEqual(set);
    expect((await api.http.get('/limits').set(headers)).body).toEqual(set);
    expect((await put({})).body).toEqual(none);
  });

  it.each([
    ['a zone that is none', { time_zone: 'Paris' }, 'time_zone'],
    ['a country in words', { countries: { France: {} } }, 'countries.France'],
    ['a policy that nobody knows', { policies: ['wild'] }, 'policies'],
    ['a cap of nothing', { daily_cap: 0 }, 'daily_cap'],
  ])('refuse %s', async (_what, body, field) => {
    const answer = await put(body);
    expect([answer.status, answer.body.error.fields[0].field]).toEqual([422, expect.stringContaining(field)]);
  });
});
