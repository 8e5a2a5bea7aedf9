import { randomUUID } from 'node:crypto';
import { openTestApi, SIGNATURE, type TestApi } from '../testing/open-test-api.js';

let api: TestApi;
let callId: string;
beforeAll(async () => (api = await openTestApi()));
afterAll(() => api.close());
beforeEach(() => {
  callId = randomUUID();
  api.jobs.length = 0;
});

const path = (secret = api.tokens.callbackSecret({ tenantId: 'default', callId }), tenantId = 'default') =>
  `/carrier/acs/${tenantId}/${callId}/${secret}`;
const event = (type: string, data: object = {}) => ({
  ...{ id: randomUUID(), source: 'calling/callConnections/c1', type: `Microsoft.Communication.${type}`, specversion: '1.0' },
  ...{ time: '2026-03-02T09:00:00Z', data: { callConnectionId: 'c1', ...data } },
});
const post = (events: unknown, url = path(), signature: string | null = SIGNATURE) => {
  const sent = api.http.post(url).set('content-type', 'application/cloudevents-batch+json; charset=utf-8');
  return (signature === null ? sent : sent.set({ authorization: signature })).send(
    typeof events === 'string' ? events : JSON.stringify(events),
  );
};
const inbox = () => api.database.store.prisma.carrierEvent.findMany({ where: { callId } });

describe('a callback of the carrier', () => {
  it('goes into the inbox and is queued', async () => {
    const connected = event('CallConnected');
    expect((await post([connected])).status).toBe(200);
    expect(await inbox()).toMatchObject([
      {
        tenantId: 'default',
        id: connected.id,
        type: 'answered',
        payload: { connectionId: 'c1', at: '2026-03-02T09:00:00.000Z' },
        processedAt: null,
      },
    ]);
    expect(api.jobs).toEqual([['carrier-event', { tenantId: 'default', eventId: connected.id }]]);
  });

  it('may bring several events, and come twice', async () => {
    const events = [event('CallConnected'), event('CallDisconnected', { resultInformation: { code: 200, subCode: 0, message: 'ok' } })];
    await post(events);
    expect((await post(events)).status).toBe(200);
    expect(await inbox()).toHaveLength(2);
    expect(api.jobs).toHaveLength(2);
  });

  it('of a type nobody knows is taken and kept', async () => {
    expect((await post([{ ...event('BrandNew'), type: 'Contoso.Other' }])).status).toBe(200);
    expect(await inbox()).toMatchObject([{ type: 'other' }]);
  });

  it('stays in the inbox while the queue is away', async () => {
    const { conveyor } = api.parts;
    api.parts.conveyor = { enqueue: () => Promise.reject(new Error('Redis is away')) };
    const { status } = await post([event('CallConnected')]);
    api.parts.conveyor = conveyor;
    expect(status).toBe(200);
    expect(await inbox()).toHaveLength(1);
  });

  it('that cannot be written down is asked for again', async () => {
    const { store } = api.parts;
    const away = { get: () => { throw new Error('Postgres is away'); } }; // prettier-ignore
    api.parts.store = { ...store, prisma: new Proxy(store.prisma, away), pool: new Proxy(store.pool, away) };
    const answer = await post([event('CallConnected')]);
    api.parts.store = store;
    expect([answer.status, answer.body.error.code]).toEqual([503, 'dependency_unavailable']);
  });

  it.each([
    [
      'the secret of another call',
      () => post([event('CallConnected')], path(api.tokens.callbackSecret({ tenantId: 'default', callId: randomUUID() }))),
    ],
    ['the secret of another tenant', () => post([event('CallConnected')], path(api.tokens.callbackSecret({ tenantId: 'other', callId })))],
    ['no proper secret', () => post([event('CallConnected')], path('x'))],
    ['a wrong signature', () => post([event('CallConnected')], path(), 'Bearer forged')],
    ['no signature', () => post([event('CallConnected')], path(), null)],
    ['an id that is none', () => post([event('CallConnected')], `/carrier/acs/default/nobody/${'x'.repeat(32)}`)],
  ])('with %s is refused and leaves nothing', async (_what, send) => {
    const answer = await send();
    expect([answer.status, answer.body.error.code]).toEqual([401, 'bad_signature']);
    expect(await inbox()).toEqual([]);
    expect(api.jobs).toEqual([]);
  });

  it.each([
    ['no JSON', '{"id":', 400],
    ['an object', { id: 'x' }, 400],
    ['an empty list', [], 400],
    ['a list of nothing', [null], 400],
    ['an event without an id', [{ type: 'Microsoft.Communication.CallConnected' }], 400],
    ['nothing', '', 400],
    ['far too much', `["${'x'.repeat(1_100_000)}"]`, 413],
  ])('that holds %s is refused', async (_what, sent, status) => {
    const answer = await post(sent);
    expect([answer.status, answer.body.error.fields[0].field]).toEqual([status, 'body']);
    expect(await inbox()).toEqual([]);
  });

  it('is counted', async () => {
    await post([event('CallConnected')]);
    const { text } = await api.http.get('/metrics');
    expect(text).toMatch(/carillon_carrier_callbacks_total\{result="accepted",service="api"\} [1-9]/);
    expect(text).toMatch(/carillon_carrier_callbacks_total\{result="refused",service="api"\} [1-9]/);
    expect(text).not.toContain(callId);
  });
});
