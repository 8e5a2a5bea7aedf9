import { addContacts } from '@carillon/testing';
import { openTestApi, type TestApi } from '../testing/open-test-api.js';

/** Monday, 02:00 in San Francisco. */
const NIGHT = new Date('2026-03-02T10:00:00Z');

/** Of those who answer. */
const OUTCOMES = ['completed', 'completed', 'callee_hung_up', 'voicemail', 'no_conversation'];

let api: TestApi;
let headers: { authorization: string };
let campaignId: string;
let ids: string[];
let phones: string[];
let person = 0;
beforeAll(async () => {
  api = await openTestApi();
  headers = await api.authorize();
  api.parts.now = () => NIGHT;
});
afterAll(() => api.close());
beforeEach(async () => {
  campaignId = await campaign();
  phones = Array.from({ length: 3 }, () => `+1415556${String(person++).padStart(4, '0')}`);
  ids = (await addContacts(api.database.store, { tenantId: 'default', campaignId, phones, now: NIGHT })).map(String);
});

async function campaign(more: object = {}): Promise<string> {
  const initiate = { bot_company: 'Contoso', bot_name: 'Amélie', agent_phone_number: '+14155550199' };
  const base = { name: 'Spring', policy: 'us-federal', consent: 'express_written', default_region: 'US', initiate };
  return (
    await api.http
      .post('/campaigns')
      .set(headers)
      .send({ ...base, ...more })
  ).body.id;
}
const get = (path: string) => api.http.get(path).set(headers);
const update = (data: object) => api.database.store.prisma.contact.updateMany({ where: { id: BigInt(ids[0] ?? '') }, data });
const callerNumber = async (data: { tenantId: string; phoneE164: string }) => {
  await api.database.store.prisma.callerNumber.deleteMany({});
  await api.database.store.prisma.callerNumber.create({ data });
};
/** A call to the first contact, or to somebody else, that is open. */
async function openCall(more: object, phoneE164 = phones[0] ?? '') {
  const { prisma } = api.database.store;
  const key = { tenantId: 'default', phoneE164 };
  const base = { id: crypto.randomUUID(), ...key, campaignId, attemptNo: 1, notAfter: NIGHT, ringTimeoutMs: 60_000, maxCallMs: 360_000 };
  const conversation = { create: { id: crypto.randomUUID(), ...key, initiate: {} } };
  await prisma.call.create({ data: { ...base, ...more, conversation } });
  await prisma.inFlight.create({ data: { ...key, callId: base.id } });
}
const start = () => api.http.post(`/campaigns/${campaignId}/start`).set(headers);

describe('the contacts of a campaign', () => {
  it('are read page by page, by state and by number', async () => {
    const first = await get(`/campaigns/${campaignId}/contacts?limit=2`);
    expect(first.body.items.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    const rest = await get(`/campaigns/${campaignId}/contacts?limit=2&after=${first.body.next}`);
    expect([rest.body.items.map(({ id }: { id: string }) => id), rest.body.next]).toEqual([ids.slice(2), null]);
    await update({ state: 'final', disposition: 'busy', finalAt: NIGHT });
    expect((await get(`/campaigns/${campaignId}/contacts?state=final`)).body.items).toMatchObject([
      { id: ids[0], disposition: 'busy', next_at: null },
    ]);
    const byPhone = await api.http.get(`/campaigns/${campaignId}/contacts`).query({ phone_number: phones[1] }).set(headers);
    expect(byPhone.body.items).toMatchObject([{ id: ids[1], phone_number: phones[1], state: 'waiting', class: 'fresh', attempts: 0 }]);
  });

  it('are nobody else’s', async () => {
    const foreign = await api.authorize('admin', 'other');
    for (const path of [
      `/campaigns/${campaignId}/contacts`,
      `/campaigns/${campaignId}/forecast`,
      `/contacts/${ids[0]}`,
      `/contacts/${ids[0]}/why`,
    ]) {
      expect((await api.http.get(path).set(foreign)).status).toBe(404);
    }
    expect((await api.http.post(`/contacts/${ids[0]}/callback`).set(foreign).send({ at: '2026-03-03T18:00:00Z' })).status).toBe(404);
    expect((await get('/contacts/nobody')).status).toBe(404);
  });

  it('tell one by one where they are', async () => {
    expect((await get(`/contacts/${ids[0]}`)).body).toMatchObject({
      time_zones: ['America/Los_Angeles'],
      country: 'US',
      variables: {},
      calls: [],
    });
  });
});

describe('why a contact is not called', () => {
  it('is told in words, with the instant from which it may be', async () => {
    await start();
    const { body } = await get(`/contacts/${ids[0]}/why`);
    expect(body).toMatchObject({
      state: 'waiting',
      allowed: false,
      next_allowed_at: '2026-03-02T16:00:00.000Z',
      policies: [{ name: 'us-federal' }],
    });
    expect(body.reasons).toEqual([expect.objectContaining({ code: 'window_closed', until: '2026-03-02T16:00:00.000Z' })]);
    expect(body.sentences.join(' ')).toMatch(/May not be called now .* It may be called from 2026-03-02 16:00 UTC on\./);
  });

  it('counts its own time, and a hold of the campaign', async () => {
    await start();
    await update({ nextAt: new Date('2026-03-02T20:00:00Z'), class: 1 });
    await api.database.store.prisma.campaign.update({
      where: { id: campaignId },
      data: { heldUntil: new Date('2026-03-03T06:00:00Z'), heldReason: 'budget' },
    });
    const { body } = await get(`/contacts/${ids[0]}/why`);
    expect(body.reasons.map(({ code }: { code: string }) => code)).toEqual(['not_due', 'held', 'window_closed']);
    expect(body.next_allowed_at).toBe('2026-03-03T16:00:00.000Z');
    expect(body.sentences[0]).toBe('It waits for its next try: until 2026-03-02 20:00 UTC.');
  });

  it('says so when it is over, or goes on', async () => {
    await update({ state: 'final', disposition: 'completed', finalAt: NIGHT });
    expect((await get(`/contacts/${ids[0]}/why`)).body).toMatchObject({
      allowed: false,
      reasons: [],
      sentences: [expect.stringContaining('final (completed)')],
    });
    await update({ state: 'in_flight', finalAt: null });
    expect((await get(`/contacts/${ids[0]}/why`)).body.sentences).toEqual([expect.stringContaining('in a call')]);
  });

  it('says of a call when it is over at the latest', async () => {
    await start();
    const end = '2026-03-02T10:06:40.000Z'; // dialed 20 s ago: 60 s of ringing and 6 min of talk
    await openCall({ dialedAt: new Date(NIGHT.getTime() - 20_000), state: 'ringing', ringTimeoutMs: 60_000, maxCallMs: 360_000 });
    const { body: waits } = await get(`/contacts/${ids[0]}/why`);
    expect(waits.reasons).toContainEqual(expect.objectContaining({ code: 'already_in_call', until: end }));
    expect(waits.next_allowed_at).toBe('2026-03-02T16:00:00.000Z');
    await update({ state: 'in_flight' });
    const { body: inCall } = await get(`/contacts/${ids[0]}/why`);
    expect(inCall.reasons).toEqual([expect.objectContaining({ code: 'already_in_call', until: end })]);
    expect(inCall.sentences).toEqual([expect.stringContaining('until 2026-03-02 10:06 UTC')]);
  });

  it('says that no caller number is left, and for how long', async () => {
    await start();
    const show = (more: object) => callerNumber({ tenantId: 'default', phoneE164: '+14155550999', ...more });
    const reason = async () => {
      const { body } = await get(`/contacts/${ids[0]}/why`);
      return [body.allowed, body.reasons.find(({ code }: { code: string }) => code === 'number_cap') ?? null];
    };
    await show({ restingUntil: new Date('2026-03-02T17:00:00Z'), restReason: 'marked as spam' });
    expect(await reason()).toEqual([
      false,
      expect.objectContaining({ message: expect.stringContaining('resting'), until: '2026-03-02T17:00:00.000Z' }),
    ]);
    expect((await get(`/contacts/${ids[0]}/why`)).body.next_allowed_at).toBe('2026-03-02T17:00:00.000Z');
    const today = { tenantId: 'default', scope: 'number', key: '+14155550999', day: new Date('2026-03-02') };
    await api.database.store.prisma.dialCounter.create({ data: { ...today, used: 1 } });
    await show({ dailyCap: 1 });
    expect(await reason()).toEqual([false, expect.objectContaining({ until: '2026-03-03T00:00:00.000Z' })]);
    await show({ maxConcurrent: 1 });
    expect(await reason()).toEqual([false, null]);
    await openCall({ state: 'ringing', dialedAt: NIGHT, callerNumber: '+14155550999' }, '+14155550777');
    expect(await reason()).toEqual([
      false,
      expect.objectContaining({ message: expect.stringContaining('at once'), until: '2026-03-02T10:00:30.000Z' }),
    ]);
    await show({ enabled: false });
    expect(await reason()).toEqual([false, expect.objectContaining({ message: expect.stringContaining('switched off'), until: null })]);
    await api.database.store.prisma.callerNumber.deleteMany({});
  });

  it('names what does not end by itself', async () => {
    const { body } = await get(`/contacts/${ids[0]}/why`);
    expect(body.reasons).toContainEqual({ code: 'campaign_not_running', message: 'the campaign is draft', rule: null, until: null });
    expect(body.next_allowed_at).toBeNull();
  });
});

describe('a callback', () => {
  const ask = (at: string) => api.http.post(`/contacts/${ids[0]}/callback`).set(headers).send({ at });

  it('is promised for the first allowed instant, before all others, and is written down', async () => {
    const { status, body } = await ask('2026-03-03T23:00:00-08:00');
    expect([status, body]).toMatchObject([200, { state: 'waiting', class: 'callback', next_at: '2026-03-04T16:00:00.000Z' }]);
    expect((await ask('2026-03-03T12:00:00-08:00')).body.next_at).toBe('2026-03-03T20:00:00.000Z');
    expect(await api.database.store.prisma.auditEntry.count({ where: { subject: 'contact', subjectId: ids[0] ?? '' } })).toBe(2);
  });

  it('brings a contact back that was done', async () => {
    await update({ state: 'final', disposition: 'callee_hung_up', finalAt: NIGHT });
    expect((await ask('2026-03-03T18:00:00Z')).body).toMatchObject({ state: 'waiting', final_at: null });
  });

  it.each([
    ['the past', {}, '2026-03-01T18:00:00Z', 422, 'invalid_body'],
    ['somebody in a call', { state: 'in_flight' }, '2026-03-03T18:00:00Z', 409, 'wrong_contact_state'],
    ['somebody on the blacklist', { state: 'final', disposition: 'blacklisted' }, '2026-03-03T18:00:00Z', 409, 'wrong_contact_state'],
  ])('is refused for %s', async (_what, data, at, status, code) => {
    await update(data);
    const answer = await ask(at);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  it('is refused where it could never be, and in a campaign that is over', async () => {
    await api.http.patch(`/campaigns/${campaignId}`).set(headers).send({ consent: null });
    const refused = await ask('2026-03-03T18:00:00Z');
    expect([refused.status, refused.body.error.code, refused.body.error.reasons[0].code]).toEqual([409, 'refused', 'consent_missing']);
    await api.http.post(`/campaigns/${campaignId}/cancel`).set(headers);
    expect((await ask('2026-03-03T18:00:00Z')).body.error.code).toBe('wrong_campaign_state');
  });
});

describe('the forecast', () => {
  it('begins when the windows open, and ends', async () => {
    const { status, body } = await get(`/campaigns/${campaignId}/forecast?slots=1&answer_rate=1&ring_ms=10000&talk_ms=110000`);
    expect([status, body.starts_at]).toEqual([200, '2026-03-02T16:00:00.000Z']);
    expect(body.assumptions).toMatchObject({ slots: 1, answer_rate: 1, ring_ms: 10_000, talk_ms: 110_000, measured_calls: 0 });
    expect(body.expected_conversations).toBeLessThan(body.expected_calls); // some are answered by machines
    expect(body.unfinished).toBeNull();
    expect(new Date(body.finishes_at).getTime()).toBeGreaterThan(new Date(body.starts_at).getTime());
    expect(body.timeline[0]).toMatchObject({ calls: 0, limited_by: 'windows' });
  });

  it('counts who will not be called as things are', async () => {
    await api.http.patch(`/campaigns/${campaignId}`).set(headers).send({ consent: null });
    expect((await get(`/campaigns/${campaignId}/forecast`)).body).toMatchObject({
      starts_at: null,
      expected_calls: 0,
      blocked: [{ reason: 'consent_missing', contacts: 3 }],
    });
  });

  it('keeps to the limits of tenant, account, country and caller numbers, and to a hold', async () => {
    const admin = await api.authorize('admin');
    const limits = (settings: object) => api.http.put('/limits').set(admin).send(settings);
    // three calls, of ten minutes each and at once, in a window that opens at 16:00
    const finish = async (query = 'slots=10&answer_rate=1&ring_ms=0&talk_ms=600000') => {
      const { body } = await get(`/campaigns/${campaignId}/forecast?${query}`);
      return body.finishes_at ?? body.unfinished;
    };
    const retry = { retry: { max_attempts: 1 } };
    await api.http.patch(`/campaigns/${campaignId}`).set(headers).send(retry);
    expect(await finish()).toBe('2026-03-02T16:03:00.000Z');
    await limits({ max_concurrent: 1 });
    expect(await finish()).toBe('2026-03-02T16:30:00.000Z');
    const { body: limited } = await get(`/campaigns/${campaignId}/forecast?slots=50`);
    expect(limited.assumptions.slots).toBe(1);
    await limits({ countries: { US: { max_concurrent: 2 } } });
    expect(await finish()).toBe('2026-03-02T16:15:00.000Z');
    await limits({ countries: { US: { calls_per_second: 0.01 } } });
    expect(await finish()).toBe('2026-03-02T16:05:00.000Z');
    await limits({});
    api.parts.account = { dailyCap: null, maxConcurrent: null, callsPerSecond: 0.01 };
    expect(await finish()).toBe('2026-03-02T16:05:00.000Z');
    await limits({ time_zone: 'America/Los_Angeles' });
    api.parts.account = { dailyCap: 2, maxConcurrent: null, callsPerSecond: null };
    expect(await finish()).toBe('2026-03-03T00:01:00.000Z'); // the third as soon as the account's day begins anew, in UTC
    await limits({});
    api.parts.account = { dailyCap: null, maxConcurrent: null, callsPerSecond: null };
    await callerNumber({ tenantId: 'default', phoneE164: '+14155550999', maxConcurrent: 1 } as never);
    expect(await finish()).toBe('2026-03-02T16:30:00.000Z');
    await api.http.patch('/numbers/+14155550999').set(headers).send({ max_concurrent: null, daily_cap: 2 });
    expect(new Date(await finish()).getTime()).toBeGreaterThan(Date.parse('2026-03-03T00:00:00Z'));
    await api.http.patch('/numbers/+14155550999').set(headers).send({ enabled: false });
    expect(await finish()).toEqual({ reason: 'caller_numbers', contacts: 3 });
    await api.database.store.prisma.callerNumber.deleteMany({});
    await api.database.store.prisma.campaign.update({ where: { id: campaignId }, data: { heldUntil: new Date('2026-03-02T20:00:00Z') } });
    expect(await finish()).toBe('2026-03-02T20:03:00.000Z');
  });

  it('measures its rates when there are enough calls', async () => {
    const { prisma } = api.database.store;
    const at = (ms: number) => new Date(NIGHT.getTime() - 3_600_000 + ms);
    for (let n = 0; n < 20; n += 1) {
      const conversation = { create: { id: crypto.randomUUID(), tenantId: 'default', phoneE164: '+14155550100', initiate: {} } };
      const times = {
        createdAt: at(0),
        dialedAt: at(0),
        answeredAt: n < 5 ? at(10_000) : null,
        endedAt: at(30_000),
        wrappedAt: at(31_000),
        exchanges: n < 4 ? 2 : 0,
      };
      const base = {
        id: crypto.randomUUID(),
        tenantId: 'default',
        campaignId,
        phoneE164: '+14155550100',
        attemptNo: 1,
        notAfter: at(0),
        ringTimeoutMs: 1,
        maxCallMs: 1,
      };
      await prisma.call.create({
        data: { ...base, ...times, state: 'ended', disposition: OUTCOMES[n] ?? 'no_answer', conversation },
      });
    }
    // five of twenty answered after 10 s and talked for 20 s, one of which was a machine and one silent; the others rang for 30 s
    expect((await get(`/campaigns/${campaignId}/forecast`)).body.assumptions).toEqual({
      slots: 10,
      answer_rate: 0.25,
      ring_ms: 25_000,
      talk_ms: 20_000,
      conversation_share: 0.6,
      measured_calls: 20,
    });
  });
});
