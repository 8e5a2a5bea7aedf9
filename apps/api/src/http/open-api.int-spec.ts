import { randomUUID } from 'node:crypto';
import { addContacts } from '@carillon/testing';
import { answerSchema, faultsOf, routesOf, type ApiDescription, type Route } from '../testing/api-description.js';
import { openTestApi, type TestApi } from '../testing/open-test-api.js';

let api: TestApi;
let description: ApiDescription;
let headers: { authorization: string };
beforeAll(async () => {
  api = await openTestApi();
  headers = await api.authorize('admin');
  ({ body: description } = await api.http.get('/openapi.json'));
});
afterAll(() => api.close());

/** Routes that answer with something else than JSON, or with nothing. */
const NOT_JSON = ['GET /events', 'GET /campaigns/{id}/imports/{importId}/errors.csv', 'GET /campaigns/{id}/imports/{importId}/events'];
const routes = () => routesOf(description).filter(({ name }) => !NOT_JSON.includes(name));
const faultsBy = (judge: (route: Route) => boolean) =>
  routes()
    .filter(judge)
    .map(({ name }) => name);

describe('the description of the API', () => {
  it('knows the answer of every route', () => {
    expect(routes().length).toBeGreaterThan(30);
    expect(faultsBy((route) => route.status !== 204 && answerSchema(route, route.status) === undefined)).toEqual([]);
  });

  it('knows the errors of every route, and their shape', () => {
    const isDescribed = (route: Route) => [401, 403, 500, 503].every((status) => answerSchema(route, status)?.['properties']);
    expect(
      routesOf(description)
        .filter((route) => !isDescribed(route))
        .map(({ name }) => name),
    ).toEqual([]);
    const hasId = ({ path }: Route) => path.includes('{');
    expect(faultsBy((route) => hasId(route) && answerSchema(route, 404) === undefined)).toEqual([]);
  });

  it('says of every route what it is for', () => {
    expect(faultsBy(({ operation }) => !operation.summary)).toEqual([]);
  });

  it('has an example of every body', () => {
    expect(faultsBy(({ body }) => body !== null && body.example === undefined)).toEqual([]);
  });

  it.each([
    ['POST /campaigns/{id}/contacts', ['mapping', 'dry_run', 'import_id', 'file_name', 'file']],
    ['POST /campaigns/{id}/contacts/preview', ['mapping', 'file']],
    ['POST /blacklist/import', ['scope', 'campaign_id', 'reason', 'default_region', 'file']],
  ])('knows the form of %s, with the file as its last field', (name, fields) => {
    const schema = routes().find((route) => route.name === name)?.operation.requestBody?.content['multipart/form-data']?.schema;
    expect([Object.keys(schema?.['properties'] ?? {}), schema?.['required']]).toEqual([fields, ['file']]);
    expect(JSON.stringify(description.paths)).not.toContain('x-form');
  });

  it('says that nobody is called again after POST /call', () => {
    const schema = routes().find(({ name }) => name === 'POST /call')?.operation.requestBody?.content['application/json']?.schema;
    expect(JSON.stringify(schema)).toContain('only a campaign calls again');
  });

  it('knows the settings of a conversation that a call may change, without their defaults', () => {
    const schema = routes().find(({ name }) => name === 'POST /call')?.operation.requestBody?.content['application/json']?.schema;
    const { conversation } = schema?.['properties'] as Record<string, { properties: Record<string, object> }>;
    expect(conversation?.properties).toMatchObject({ phone_silence_timeout_sec: { type: 'number', minimum: 0.5, maximum: 120 } });
    expect(JSON.stringify(conversation)).not.toContain('"default"');
  });

  it('knows what may hold a forecast back', () => {
    const route = routes().find(({ name }) => name === 'GET /campaigns/{id}/forecast');
    expect(JSON.stringify(route && answerSchema(route, 200))).toContain('"enum":["slots","max_concurrent","rate"');
  });

  it('names every parameter of a path', () => {
    const named = ({ path, operation }: Route) =>
      [...path.matchAll(/\{(\w+)\}/g)].every(([, name]) =>
        operation.parameters?.some((parameter) => parameter.name === name && parameter.in === 'path'),
      );
    expect(faultsBy((route) => !named(route))).toEqual([]);
  });
});

/** A world in which every route finds what it is asked about. */
async function world(route: Route): Promise<Record<string, string>> {
  const { prisma } = api.database.store;
  const made = await api.http.post('/campaigns').set(headers).send(exampleOf('POST /campaigns'));
  const campaignId: string = made.body.id;
  const now = new Date();
  const [contactId] = await addContacts(api.database.store, { tenantId: 'default', campaignId, phones: ['+14155550142'], now });
  const status = { 'POST /campaigns/{id}/pause': 'running', 'POST /campaigns/{id}/resume': 'paused' } as const;
  await prisma.campaign.update({ where: { id: campaignId }, data: { status: status[route.name as keyof typeof status] ?? 'draft' } });
  await prisma.callerNumber.deleteMany({ where: { tenantId: 'default' } });
  if (route.name !== 'POST /numbers') await api.http.post('/numbers').set(headers).send(exampleOf('POST /numbers'));
  await prisma.blacklistEntry.deleteMany({ where: { phoneE164: { not: '' } } });
  const entry = await prisma.blacklistEntry.create({
    data: { tenantId: 'default', phoneE164: '+14155550177', reason: 'test', source: 'api' },
  });
  // Nobody dials here: what earlier examples asked for would hold their person and their number for ever.
  await prisma.inFlight.deleteMany({ where: { tenantId: 'default' } });
  await prisma.call.updateMany({ where: { tenantId: 'default' }, data: { state: 'released' } });
  const later = await api.http
    .post('/call')
    .set(headers)
    .send({ ...(exampleOf('POST /call') as object), not_before: '2036-03-02T09:00:00Z' });
  const call = await api.http
    .post('/call')
    .set(headers)
    .send({ ...(exampleOf('POST /call') as object), phone_number: '+14155550166' });
  const dataImport = await prisma.contactImport.findFirstOrThrow({ where: { campaignId } });
  const ids: [RegExp, string][] = [
    [/^\/campaigns/, campaignId],
    [/^\/contacts/, String(contactId)],
    [/^\/blacklist/, String(entry.id)],
    [/^\/scheduled-calls/, later.body.scheduled_call_id],
  ];
  const id = ids.find(([path]) => path.test(route.path))?.[1] ?? randomUUID();
  return { id, phone: '+14155550123', idOrPhone: call.body.call_id, importId: dataImport.id };
}

const exampleOf = (name: string) => routes().find((route) => route.name === name)?.body?.example;

async function run(route: Route) {
  const values = await world(route);
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  const request = api.http[route.method](path).set(headers);
  if (route.body === null) return request;
  return request.set('content-type', route.body.type).send(route.body.example);
}

describe('the examples of the description', () => {
  it('all run, and every answer is as described', async () => {
    const faults: string[] = [];
    for (const route of routes()) {
      const { status, body } = await run(route);
      const schema = answerSchema(route, status);
      if (status !== route.status) faults.push(`${route.name}: ${status} ${JSON.stringify(body)}`);
      else if (schema) faults.push(...faultsOf(schema, body).map((fault) => `${route.name}: ${fault}`));
    }
    expect(faults).toEqual([]);
  }, 60_000);

  it('errors are as described too', async () => {
    const refused = await api.http.post('/call').set(headers).send({});
    const route = routes().find(({ name }) => name === 'POST /call');
    expect(route && faultsOf(answerSchema(route, 422) ?? {}, refused.body)).toEqual([]);
  });
});
