import { loadCallContext } from '@carillon/store';
import { openTestApi, type TestApi } from '../testing/open-test-api.js';

let api: TestApi;
let headers: { authorization: string };
beforeAll(async () => {
  api = await openTestApi();
  headers = await api.authorize();
});
afterAll(() => api.close());

let person = 0;
const nextPhone = () => `+1415555${String(person++).padStart(4, '0')}`;
const body = (overrides: object = {}) => ({
  ...{ phone_number: nextPhone(), agent_phone_number: '+14155550199', bot_company: 'Contoso', bot_name: 'Amélie' },
  ...overrides,
});
const post = (sent: object | string) => api.http.post('/call').set(headers).set('content-type', 'application/json').send(sent);

describe('POST /call', () => {
  it('answers with the call and has it dialed', async () => {
    const sent = body({
      phone_number: '+1 (415) 555-0777',
      task: 'Ask for the date',
      claim: [{ name: 'visit_at', type: 'datetime' }],
      unknown_key: 1,
    });
    const { status, body: call } = await post(sent);
    expect(status).toBe(201);
    expect(call).toMatchObject({
      ...{
        status: 'queued',
        in_progress: false,
        outcome: null,
        campaign_id: null,
        attempt_no: 1,
        claim: {},
        claim_completeness: 0,
        messages: [],
      },
      initiate: {
        phone_number: '+14155550777',
        bot_name: 'Amélie',
        task: 'Ask for the date',
        prosody_rate: 1,
        lang: { default_short_code: 'en-US' },
      },
    });
    expect(call.initiate).not.toHaveProperty('unknown_key');
    expect(api.jobs.at(-1)).toEqual(['dial', { tenantId: 'default', callId: call.call_id }]);
    expect(await api.coordination.conveyor.waiting('dial')).toBeGreaterThan(0);
  });

  it('keeps what is to be done about an answering machine', async () => {
    const answering_machine = { on_machine: 'leave_message', message: 'Please call us back.' };
    const { body: call } = await post(body({ answering_machine }));
    expect(call.initiate).toMatchObject({ answering_machine });
    expect((await post(body())).body.initiate).not.toHaveProperty('answering_machine');
  });

  it('keeps how turns are to be taken, for the media worker', async () => {
    const conversation = { phone_silence_timeout_sec: 12.5, answer_hard_timeout_sec: 8, legal_notice: null };
    const { body: call } = await post(body({ conversation }));
    expect(call.initiate).toMatchObject({ conversation });
    expect((await post(body())).body.initiate).not.toHaveProperty('conversation');
    const context = await loadCallContext(api.database.store, { tenantId: 'default', callId: call.call_id });
    expect(context?.conversation).toEqual(conversation);
    const { body: later } = await post(body({ conversation, not_before: '2099-01-01T12:00:00Z' }));
    expect(later.initiate).toMatchObject({ conversation });
  });

  it('keeps the words of the trade and the style of the voice, and has none where the body of the reference peer says nothing of them', async () => {
    const spoken = { vocabulary: [{ term: 'SEPA', say: 'see-pah' }, { term: 'IBAN' }], voice_style: 'customerservice' };
    const { body: call } = await post(body(spoken));
    expect(call.initiate).toMatchObject(spoken);
    expect((await post(body())).body.initiate).toMatchObject({ vocabulary: [], voice_style: 'none' });
  });

  it('stores the trace of the request with the call', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const { body: call } = await post(body()).set('traceparent', `00-${traceId}-b7ad6b7169203331-01`);
    const row = await api.database.store.prisma.call.findUniqueOrThrow({ where: { id: call.call_id } });
    expect(row.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-0[01]$`));
  });

  it('refuses a second call to someone who is in one', async () => {
    const sent = body();
    const { body: first } = await post(sent);
    const { status, body: refusal } = await post(sent);
    expect(status).toBe(409);
    expect(refusal).toEqual({
      error: {
        ...{ code: 'already_in_call', message: 'This number is in a call right now', retryable: true, details: [expect.any(String)] },
        fields: [{ field: 'phone_number', message: expect.stringContaining(`/call/${first.call_id}`) }],
      },
    });
  });

  it.each([
    ['phone_number', { phone_number: '12' }, 'phone_number', /write it in E\.164/],
    ['no phone_number', { phone_number: undefined }, 'phone_number', /is missing/],
    ['agent_phone_number', { agent_phone_number: 'reception' }, 'agent_phone_number', /not a valid phone number/],
    ['bot_company', { bot_company: '' }, 'bot_company', /Too small/],
    ['bot_name', { bot_name: 7 }, 'bot_name', /expected string/],
    ['task', { task: 'x'.repeat(10_001) }, 'task', /Too big/],
    ['claim', { claim: {} }, 'claim', /expected array/],
    ['the name of a claim field', { claim: [{ name: 'visit date', type: 'text' }] }, 'claim.0.name', /use letters/],
    ['the type of a claim field', { claim: [{ name: 'a', type: 'date' }] }, 'claim.0.type', /"datetime"/],
    [
      'a machine without its message',
      { answering_machine: { on_machine: 'leave_message' } },
      'answering_machine.message',
      /is needed with "leave_message"/,
    ],
    ['a setting of the conversation', { conversation: { vad_threshold: 5 } }, 'conversation.vad_threshold', /use 0\.1 to 1/],
    [
      'a soft timeout behind the default of the hard one',
      { conversation: { answer_soft_timeout_sec: 20 } },
      'conversation.answer_soft_timeout_sec',
      /must be shorter than "answer_hard_timeout_sec"/,
    ],
    ['an enum without values', { claim: [{ name: 'a', type: 'enum' }] }, 'claim.0.values', /needs "values"/],
    [
      'two claim fields of one name',
      {
        claim: [
          { name: 'a', type: 'text' },
          { name: 'a', type: 'text' },
        ],
      },
      'claim',
      /unique/,
    ],
    [
      'lang',
      { lang: { default_short_code: 'fr-FR', availables: [{ short_code: 'en-US', voice: 'v' }] } },
      'lang.default_short_code',
      /availables/,
    ],
    [
      'a language code',
      { lang: { default_short_code: 'english', availables: [{ short_code: 'english', voice: 'v' }] } },
      'lang.availables.0.short_code',
      /en-US/,
    ],
    ['prosody_rate', { prosody_rate: 2 }, 'prosody_rate', /1\.25/],
    ['voice_style', { voice_style: 'funny' }, 'voice_style', /"cheerful"/],
    ['a term without a letter', { vocabulary: [{ term: '***' }] }, 'vocabulary.0.term', /must hold a letter/],
    ['a term that is there twice', { vocabulary: [{ term: 'SEPA' }, { term: 'sepa' }] }, 'vocabulary.1.term', /twice/],
  ])('names the field when it is wrong: %s', async (_what, overrides, field, message) => {
    const { status, body: refusal } = await post(body(overrides));
    expect(status).toBe(422);
    expect(refusal.error).toMatchObject({ code: 'invalid_body', retryable: false });
    expect(refusal.error.fields).toEqual([{ field, message: expect.stringMatching(message) }]);
    expect(refusal.error.details).toEqual([expect.stringMatching(message)]);
  });

  it('names all that is wrong at once', async () => {
    const { body: refusal } = await post({});
    expect(refusal.error.fields.map(({ field }: { field: string }) => field)).toEqual([
      'bot_company',
      'bot_name',
      'agent_phone_number',
      'phone_number',
    ]);
  });

  it.each([
    ['JSON that is none', '{"phone_number": ', 400, 'invalid_json'],
    ['a list', '[]', 422, 'invalid_body'],
    ['null', 'null', 422, 'invalid_body'],
    ['too much', JSON.stringify({ task: 'x'.repeat(1_100_000) }), 413, 'body_too_large'],
  ])('refuses %s', async (_what, text, status, code) => {
    const answer = await post(text);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  it('refuses a body that does not say it is JSON', async () => {
    const answer = await api.http.post('/call').set(headers).set('content-type', 'text/plain').send('phone');
    expect([answer.status, answer.body.error.code]).toEqual([422, 'invalid_body']);
  });

  it('takes text that a database cannot hold as it is', async () => {
    const { status, body: call } = await post(body({ bot_name: 'Am\0lie \ud83d', task: 'x' }));
    expect([status, call.initiate.bot_name]).toEqual([201, 'Am\ufffdlie \ufffd']);
  });

  it('keeps its promise when the queue is away', async () => {
    const { conveyor } = api.parts;
    api.parts.conveyor = { enqueue: () => Promise.reject(new Error('Redis is away')) };
    const { status, body: call } = await post(body());
    api.parts.conveyor = conveyor;
    expect([status, call.status]).toEqual([201, 'queued']);
    expect(api.logLines.join('')).toContain('is left to the reaper');
  });
});

describe('GET /call', () => {
  it('gives a call by its id and by its phone', async () => {
    const sent = body();
    const { body: call } = await post(sent);
    expect((await api.http.get(`/call/${call.call_id}`).set(headers)).body).toEqual(call);
    expect((await api.http.get(`/call/${sent.phone_number}`).set(headers)).body).toEqual(call);
    expect((await api.http.get('/call').query({ phone_number: sent.phone_number }).set(headers)).body).toEqual([call]);
    expect((await api.http.get('/call').set(headers)).body[0]).toEqual(call);
  });

  it.each(['/call/00000000-0000-4000-8000-000000000000', '/call/+14155559999', '/call/nobody'])('knows nothing of %s', async (path) => {
    const answer = await api.http.get(path).set(headers);
    expect([answer.status, answer.body.error.code]).toEqual([404, 'not_found']);
  });

  it('has no calls of a number nobody called, and refuses one that is none', async () => {
    expect((await api.http.get('/call').query({ phone_number: '+14155559998' }).set(headers)).body).toEqual([]);
    expect((await api.http.get('/call').query({ phone_number: 'x' }).set(headers)).body.error.fields).toMatchObject([
      { field: 'phone_number' },
    ]);
  });
});

describe('a key', () => {
  it.each([undefined, 'Bearer nonsense', 'Basic dXNlcjpwYXNz', 'Bearer '])('is needed, and %s is none', async (authorization) => {
    const sent = api.http.get('/call');
    const answer = await (authorization === undefined ? sent : sent.set({ authorization }));
    expect([answer.status, answer.body.error.code]).toEqual([401, 'unauthenticated']);
  });

  it('of a viewer reads and no more', async () => {
    const viewer = await api.authorize('viewer');
    expect((await api.http.get('/call').set(viewer)).status).toBe(200);
    const answer = await api.http.post('/call').set(viewer).send(body());
    expect([answer.status, answer.body.error.code]).toEqual([403, 'forbidden']);
    expect((await api.http.get('/call').set(await api.authorize('admin'))).status).toBe(200);
  });

  it('of another tenant sees nothing of ours', async () => {
    const foreign = await api.authorize('admin', 'other');
    const sent = body();
    const { body: call } = await post(sent);
    expect((await api.http.get(`/call/${call.call_id}`).set(foreign)).status).toBe(404);
    expect((await api.http.get(`/call/${sent.phone_number}`).set(foreign)).status).toBe(404);
    expect((await api.http.get('/call').set(foreign)).body).toEqual([]);
  });
});

describe('without a key', () => {
  it.each(['/health/live', '/metrics', '/docs', '/openapi.json'])('%s is open', async (path) => {
    expect((await api.http.get(path).redirects(1)).status).toBe(200);
  });

  it('the description names every route and every body', async () => {
    const { body: description } = await api.http.get('/openapi.json');
    const { paths } = description;
    const ofCampaigns = [
      '',
      '/{id}',
      '/{id}/start',
      '/{id}/pause',
      '/{id}/resume',
      '/{id}/cancel',
      '/{id}/contacts',
      '/{id}/audit',
      '/{id}/report',
      '/{id}/forecast',
    ];
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(ofCampaigns.map((path) => `/campaigns${path}`)));
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/call', '/call/{idOrPhone}', '/scheduled-calls', '/contacts/{id}', '/contacts/{id}/why']),
    );
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/blacklist', '/blacklist/{phone}', '/numbers', '/numbers/{phone}', '/limits', '/events']),
    );
    expect(Object.keys(paths)).not.toContainEqual(expect.stringContaining('carrier'));
    const call = description.paths['/call'].post.requestBody.content['application/json'].schema;
    expect(Object.keys(call.properties)).toEqual(expect.arrayContaining(['phone_number', 'claim', 'lang', 'prosody_rate']));
    expect(call.required).toEqual(expect.arrayContaining(['phone_number', 'bot_name']));
    const campaign = description.paths['/campaigns'].post.requestBody.content['application/json'].schema;
    expect(Object.keys(campaign.properties)).toContain('initiate');
    expect(Object.keys(description.paths['/campaigns/{id}/contacts'].post.requestBody.content)).toEqual([
      'text/csv',
      'multipart/form-data',
    ]);
  });

  it('an unknown path is a 404 in our words', async () => {
    const answer = await api.http.get('/nothing').set(headers);
    expect([answer.status, answer.body.error.code]).toEqual([404, 'not_found']);
  });
});
