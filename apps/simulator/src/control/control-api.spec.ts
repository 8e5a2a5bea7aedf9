import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CarrierLedger } from '../carrier/carrier-ledger.js';
import { FaultInjection } from '../carrier/fault-injection.js';
import { ModelService } from '../model/model-service.js';
import { Population } from '../people/population.js';
import type { SpeechFaults } from '../speech/speech-faults.js';
import { ControlApi } from './control-api.js';

const KEY = 'a-key-for-tests';
const JANE = '+14155550142';

let server: Server;
let url: string;
let ledger: CarrierLedger;
let faults: FaultInjection;
let model: ModelService;
let speechFaults: SpeechFaults;

beforeEach(async () => {
  ledger = new CarrierLedger(() => 0);
  faults = new FaultInjection();
  model = new ModelService({ key: KEY });
  speechFaults = {};
  const population = new Population({
    entries: [{ phone: JANE, temperament: 'terse', voice: 'slt' }],
    seed: 'a',
    today: () => '2026-11-21',
  });
  const carrier = { ledger, faults, callbacks: { delivered: 0, retries: 0, undelivered: 0 } };
  const control = new ControlApi({ key: KEY, population, carrier, model, speechFaults, statistics: () => ({ model: model.statistics }) });
  server = createServer((request, response) => void (control.handle(request, response) || response.writeHead(404).end()));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function ask(method: string, path: string, body?: unknown, key = KEY): Promise<{ status: number; body: unknown }> {
  const init: RequestInit = { method, headers: { authorization: `Bearer ${key}` } };
  if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(`${url}${path}`, init);
  return { status: answer.status, body: await answer.json() };
}

test('a referee learns what each person would have told, also of people that are made up', async () => {
  const fields = [
    { name: 'full_name', type: 'text' },
    { name: 'roof_colour', type: 'text' },
  ];
  const { body } = await ask('POST', '/control/expectations', { phone_numbers: [JANE, '+12125559999'], fields });
  expect(body).toEqual({
    [JANE]: {
      temperament: 'terse',
      talkative: true,
      expected: { full_name: expect.stringMatching(/^[A-Z]\w+ [A-Z]\w+$/), roof_colour: null },
    },
    '+12125559999': {
      temperament: expect.any(String),
      talkative: expect.any(Boolean),
      expected: { full_name: expect.any(String), roof_colour: null },
    },
  });
});

test('the people of the file are listed, others on demand', async () => {
  expect((await ask('GET', '/control/people')).body).toMatchObject([
    { phoneE164: JANE, temperament: 'terse', voice: 'slt', facts: { full_name: {} } },
  ]);
  expect((await ask('GET', `/control/people?phone_number=${encodeURIComponent('+12125559999')}`)).body).toMatchObject([
    { phoneE164: '+12125559999' },
  ]);
});

test("double dials are the carrier's own count", async () => {
  const call = { personId: JANE, phoneE164: JANE, callerE164: '+14155550100', operationContext: null, repeatabilityId: null };
  ledger.accept({ ...call, connectionId: 'a' });
  ledger.accept({ ...call, connectionId: 'b' });
  expect((await ask('GET', '/control/carrier')).body).toMatchObject({ calls: 2, overlapping: 1, repeated: 1, peakConcurrent: 2 });
  expect((await ask('GET', '/control/carrier/calls')).body).toHaveLength(2);
  const lines = await fetch(`${url}/control/carrier/calls.ndjson`, { headers: { authorization: `Bearer ${KEY}` } });
  expect((await lines.text()).trimEnd().split('\n')).toHaveLength(2);
  expect((await ask('GET', '/control/statistics')).body).toMatchObject({ carrier: { accepted: 2 }, model: { requests: 0 } });
});

test('faults reach the part they are for, and are cleared together', async () => {
  const rules = [{ on: 'createCall', when: { nth: 1 }, fault: { kind: 'status', status: 429, retryAfterS: 1 } }];
  await ask('POST', '/control/faults', {
    carrier: { rules },
    speech: { mute: true, dropAfterMs: null },
    model: { fault: { kind: 'stall' }, times: 2 },
  });
  await expect(faults.run('createCall', () => Promise.resolve('placed'))).rejects.toMatchObject({ status: 429 });
  expect((await ask('GET', '/control/statistics')).body).toMatchObject({ faults: { 'createCall status 429': 1 } });
  expect(speechFaults).toEqual({ mute: true, dropAfterMs: undefined });
  expect(model.faults.take()).toEqual({ kind: 'stall' });
  await ask('DELETE', '/control/faults');
  expect(speechFaults).toEqual({});
  expect(model.faults.take()).toBeNull();
});

test.each([
  ['GET', '/control/people', undefined, 'wrong', 401],
  ['GET', '/control/nothing', undefined, KEY, 404],
  ['POST', '/control/expectations', 'garbage', KEY, 400],
  ['POST', '/control/expectations', { phone_numbers: ['12'], fields: [] }, KEY, 422],
  ['POST', '/control/faults', { carrier: { rules: [{ on: 'createCall', when: { nth: 0 }, fault: { kind: 'drop-before' } }] } }, KEY, 422],
])('%s %s with %j is refused', async (method, path, body, key, status) => {
  const answer = await ask(method, path, body, key);
  expect(answer.status).toBe(status);
  expect(answer.body).toEqual({ error: expect.any(String) });
});
