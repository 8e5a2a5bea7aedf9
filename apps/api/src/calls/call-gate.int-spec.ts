import {
  createCall,
  gatedCallOf,
  gateFactsOf,
  gatherFacts,
  listDueScheduledCalls,
  startScheduledCall,
  type LedgerCall,
} from '@carillon/store';
import { openTestApi, type TestApi } from '../testing/open-test-api.js';

/** Monday, 02:00 in San Francisco. */
const NIGHT = new Date('2026-03-02T10:00:00Z');
const later = (ms: number) => new Date(NIGHT.getTime() + ms);

let api: TestApi;
let headers: { authorization: string };
let person = 0;
beforeAll(async () => {
  api = await openTestApi();
  headers = await api.authorize();
  api.parts.now = () => NIGHT;
});
afterAll(() => api.close());

const body = (more: object = {}) => ({
  ...{
    phone_number: `+1415557${String(person++).padStart(4, '0')}`,
    agent_phone_number: '+14155550199',
    bot_company: 'Contoso',
    bot_name: 'Amélie',
  },
  ...more,
});
const post = (sent: object, key?: string) => {
  const request = api.http.post('/call').set(headers);
  return (key === undefined ? request : request.set('idempotency-key', key)).send(sent);
};
const lawful = { policy: 'us-federal', consent: 'express_written' };

describe('a call at night under a policy with hours', () => {
  it('is refused with the reasons and the next allowed instant', async () => {
    const { status, body: refusal } = await post(body(lawful));
    expect([status, refusal.error.code]).toEqual([409, 'refused']);
    // 08:00 in California
    expect(refusal.error.next_allowed_at).toBe('2026-03-02T16:00:00.000Z');
    expect(refusal.error.reasons).toEqual([
      {
        code: 'window_closed',
        rule: expect.stringMatching(/^us-federal\//),
        message: expect.any(String),
        until: '2026-03-02T16:00:00.000Z',
      },
    ]);
    expect(refusal.error.details).toEqual([expect.stringContaining('window_closed')]);
  });

  it('is scheduled for the morning when the caller asks for it, and becomes a call of the same id', async () => {
    const sent = body({ ...lawful, schedule_if_refused: true, claim: [{ name: 'visit_at', type: 'datetime' }] });
    const { status, body: scheduled } = await post(sent);
    expect([status, scheduled]).toMatchObject([
      202,
      { state: 'waiting', source: 'api', next_at: '2026-03-02T16:00:00.000Z', blocked: 'window_closed', policies: ['us-federal'] },
    ]);
    const { scheduled_call_id: id } = scheduled;
    expect((await api.http.get(`/scheduled-calls/${id}`).set(headers)).body).toEqual(scheduled);
    expect((await api.http.get('/scheduled-calls?state=waiting').set(headers)).body.items).toContainEqual(scheduled);

    const { store } = api.database;
    expect(await listDueScheduledCalls(store, later(0), 10)).toEqual([]);
    const morning = new Date('2026-03-02T16:00:00Z');
    const [due] = (await listDueScheduledCalls(store, morning, 10)).filter((call) => call.id === id);
    if (!due) throw new Error('it is due');
    const options = { account: { dailyCap: null }, ringTimeoutMs: 30_000, maxCallMs: 60_000, patienceMs: 30_000, busyMs: 60_000 };
    expect(await startScheduledCall(store, due, { ...options, now: morning })).toEqual({ kind: 'called', callId: id });
    expect(await startScheduledCall(store, due, { ...options, now: morning })).toEqual({ kind: 'gone' });
    const { body: call } = await api.http.get(`/call/${id}`).set(headers);
    expect(call).toMatchObject({
      call_id: id,
      status: 'queued',
      initiate: { phone_number: sent.phone_number, claim: [{ name: 'visit_at' }] },
    });
    expect(call.decision.asked).toMatchObject({ policies: ['us-federal'], consent: 'express_written' });
    expect((await api.http.get(`/scheduled-calls/${id}`).set(headers)).body).toMatchObject({ state: 'called', call_id: id });
  });

  it('waits again when the gate still says no, and ends when it is too late', async () => {
    const { body: scheduled } = await post(body({ ...lawful, not_before: '2026-03-02T17:00:00Z' }));
    const { store } = api.database;
    const options = { account: { dailyCap: null }, ringTimeoutMs: 30_000, maxCallMs: 60_000, patienceMs: 30_000, busyMs: 60_000 };
    const find = async (now: Date) => (await listDueScheduledCalls(store, now, 100)).find(({ id }) => id === scheduled.scheduled_call_id);
    const midnight = new Date('2026-03-03T06:00:00Z'); // 22:00 in California: the dialer was away all day
    const due = await find(midnight);
    if (!due) throw new Error('it is due');
    expect(await startScheduledCall(store, due, { ...options, now: midnight })).toMatchObject({
      kind: 'postponed',
      until: new Date('2026-03-03T16:00:00Z'),
      code: 'window_closed',
    });
    const tooLate = new Date('2026-03-03T18:00:00Z');
    expect(await startScheduledCall(store, due, { ...options, now: tooLate })).toEqual({ kind: 'over', state: 'expired' });
  });

  it('can be taken back while it waits', async () => {
    const { body: scheduled } = await post(body({ ...lawful, schedule_if_refused: true }));
    const path = `/scheduled-calls/${scheduled.scheduled_call_id}`;
    expect((await api.http.delete(path).set(await api.authorize('admin', 'other'))).status).toBe(404);
    expect((await api.http.delete(path).set(headers)).status).toBe(204);
    expect((await api.http.get(path).set(headers)).body).toMatchObject({ state: 'cancelled' });
    expect((await api.http.delete(path).set(headers)).status).toBe(404);
  });
});

describe('a call for later', () => {
  it('is moved into the hours', async () => {
    const { status, body: scheduled } = await post(body({ ...lawful, not_before: '2026-03-03T03:00:00-08:00' }));
    expect([status, scheduled.next_at]).toEqual([202, '2026-03-03T16:00:00.000Z']);
  });

  it('whose time has come is made at once', async () => {
    expect((await post(body({ not_before: '2026-03-02T09:00:00Z' }))).status).toBe(201);
  });
});

it('A call to somebody who is on the blacklist for two days may be made when they are over', async () => {
  const sent = body();
  const expires_at = '2026-03-04T10:00:00.000Z';
  await api.http
    .post('/blacklist')
    .set(headers)
    .send({ phone_number: sent.phone_number, expires_at, reason: 'asked for a rest' })
    .expect(({ status }) => expect(status).toBeLessThan(300));
  const { status, body: refusal } = await post(sent);
  expect([status, refusal.error.next_allowed_at]).toEqual([409, expires_at]);
  expect(refusal.error.reasons).toMatchObject([{ code: 'blacklisted', until: expires_at }]);
  expect((await post({ ...sent, schedule_if_refused: true })).body).toMatchObject({ state: 'waiting', next_at: expires_at });
});

describe('a call to China under its policy', () => {
  const toChina = (more: object) => body({ phone_number: `+8613812345${600 + person++}`, policy: 'cn', consent: 'express', ...more });
  const codesOf = async (more: object) =>
    ((await post(toChina(more))).body.error?.reasons ?? []).map(({ code }: { code: string }) => code) as string[];

  it('is made where the region is known, in its hours, and stays so until it is dialed', async () => {
    const sent = toChina({ region: 'CN-31' });
    const { status, body: call } = await post(sent); // 18:00 in Beijing
    expect([status, call.decision.asked.region]).toEqual([201, 'CN-31']);
    const [row] = await api.database.store.prisma.call.findMany({ where: { id: call.call_id } });
    const facts = await gatherFacts(api.database.store, {
      ...{ tenantId: 'default', phoneE164: sent.phone_number, callId: call.call_id, now: NIGHT },
      ...{ campaignId: null, contactId: null, callerNumber: null },
    });
    const gated = gatedCallOf({ ...row, phoneE164: sent.phone_number } as LedgerCall, facts);
    expect(gateFactsOf(facts, gated, { dailyCap: null }, NIGHT).bucket).toMatchObject({ country: 'CN', regions: ['31'] });
  });

  it('is refused where it is not known, and where it is one that must not be called', async () => {
    expect(await codesOf({})).toEqual(['region_blocked']);
    expect(await codesOf({ region: '65' })).toEqual(['region_blocked']);
  });

  it.each(['上海', 'Shanghai', '310000'])('is made with the region %s, as an import is', async (region) => {
    expect((await post(toChina({ region }))).status).toBe(201);
  });

  it.each(['US-CA', 'ZZ', 'the east'])('is not understood with the region %s, and says how to write it', async (region) => {
    const { status, body: refusal } = await post(toChina({ region }));
    expect([status, refusal.error.fields]).toMatchObject([
      422,
      [{ field: 'region', message: expect.stringContaining('write its ISO 3166-2 code, with or without "CN-"') }],
    ]);
  });
});

describe('a call without a policy', () => {
  it('goes by those of the tenant', async () => {
    const [admin, sent] = [await api.authorize('admin', 'lawful'), body()];
    const ask = () => api.http.post('/call').set(admin).send(sent);
    await api.http
      .put('/limits')
      .set(admin)
      .send({ policies: ['us-federal'] });
    expect((await ask()).body.error.reasons.map(({ code }: { code: string }) => code)).toContain('window_closed');
    await api.http.put('/limits').set(admin).send({});
    expect((await ask()).status).toBe(201);
  });

  it('is held to the daily cap of the tenant, also by many at once', async () => {
    const admin = await api.authorize('admin', 'capped');
    await api.http.put('/limits').set(admin).send({ daily_cap: 3 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.http.post('/call').set(admin).send(body())));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 409, 409, 409, 409, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body.error).toMatchObject({ reasons: [{ code: 'tenant_cap' }], next_allowed_at: '2026-03-03T00:00:00.000Z' });
  });
});

describe('an idempotency key', () => {
  it('makes one call of two requests, also at once', async () => {
    const sent = body();
    const [first, second] = await Promise.all([post(sent, 'order-1'), post(sent, 'order-1')]);
    expect([first?.status, second?.status]).toEqual([201, 201]);
    expect(second?.body.call_id).toBe(first?.body.call_id);
    expect((await post(sent, 'order-1')).body.call_id).toBe(first?.body.call_id);
    expect(await api.database.store.prisma.call.count({ where: { phoneE164: sent.phone_number } })).toBe(1);
  });

  it('keeps its call after it has ended', async () => {
    const sent = body();
    const { body: call } = await post(sent, 'order-2');
    await api.database.store.prisma.inFlight.deleteMany({ where: { callId: call.call_id } });
    await api.database.store.prisma.call.update({ where: { id: call.call_id }, data: { state: 'ended', wrappedAt: NIGHT } });
    expect((await post(sent, 'order-2')).body).toMatchObject({ call_id: call.call_id, status: 'ended' });
  });

  it('keeps its scheduled call too', async () => {
    const sent = body({ ...lawful, schedule_if_refused: true });
    const [first, second] = [await post(sent, 'order-3'), await post(sent, 'order-3')];
    expect([second.status, second.body]).toEqual([202, first.body]);
  });

  it('is refused with another body, and is another tenant’s own', async () => {
    await post(body(), 'order-4');
    const { status, body: refusal } = await post(body(), 'order-4');
    expect([status, refusal.error.code]).toEqual([422, 'idempotency_conflict']);
    const foreign = await api.authorize('operator', 'other');
    expect((await api.http.post('/call').set(foreign).set('idempotency-key', 'order-4').send(body())).status).toBe(201);
  });
});

describe('somebody in a call', () => {
  it('is called a little later when the caller can wait', async () => {
    const sent = body({ schedule_if_refused: true });
    const times = { ringTimeoutMs: 30_000, maxCallMs: 60_000, now: NIGHT, notAfter: later(30_000), traceparent: null };
    const {
      phone_number: phoneE164,
      schedule_if_refused: _,
      ...initiate
    } = sent as ReturnType<typeof body> & { schedule_if_refused: boolean };
    await createCall(api.database.store, { tenantId: 'default', phoneE164, initiate: initiate as never, ...times });
    const { status, body: scheduled } = await post(sent);
    expect([status, scheduled.next_at]).toEqual([202, later(60_000).toISOString()]);
  });
});
