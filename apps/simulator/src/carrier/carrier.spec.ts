import { createHash, createHmac, randomUUID } from 'node:crypto';
import { CallAutomationClient, parseCallAutomationEvent } from '@azure/communication-call-automation';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CarrierOptions } from './carrier.js';
import { ACCESS_KEY, CALLER, ISSUER, openCarrierServer, type CarrierServer } from './testing/carrier-server.js';

interface Post {
  headers: IncomingHttpHeaders;
  event: { id: string; type: string; data: Record<string, unknown> };
}

/** Somebody who takes callbacks, first refusing as many as it is told to. */
async function openCallbackServer(refusals = 0) {
  const posts: Post[] = [];
  const checks = new Set<() => void>();
  let tries = 0;
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => void (text += chunk.toString('utf8')));
    request.on('end', () => {
      if (++tries <= refusals) return response.writeHead(503).end();
      const [event] = JSON.parse(text) as [Post['event']];
      posts.push({ headers: request.headers, event });
      checks.forEach((check) => check());
      return response.writeHead(200).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const types = () => posts.map(({ event }) => event.type.replace('Microsoft.Communication.', ''));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    posts,
    types,
    tries: () => tries,
    until: (condition: () => boolean) =>
      new Promise<void>((resolve) => {
        const check = () => void (condition() && checks.delete(check) && resolve());
        checks.add(check);
        check();
      }),
    close: () =>
      new Promise((closed) => {
        server.close(closed);
        server.closeAllConnections();
      }),
  };
}

describe('the emulated carrier', () => {
  let server: CarrierServer;
  let callbacks: Awaited<ReturnType<typeof openCallbackServer>>;
  let client: CallAutomationClient;
  const open = async (options: Partial<CarrierOptions> = {}, refusals = 0) => {
    server = await openCarrierServer(options);
    callbacks = await openCallbackServer(refusals);
    client = new CallAutomationClient(server.connectionString, { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } });
  };
  afterEach(async () => {
    await server.close();
    await callbacks.close();
  });
  const invite = (phoneNumber: string) => ({ targetParticipant: { phoneNumber }, sourceCallIdNumber: { phoneNumber: CALLER } });
  const answering = (hangUp = false) =>
    server.network.add({ kind: 'answer', afterMs: 0 }, (line) => (hangUp ? line.hangUp() : undefined)).phoneE164;

  /** A request signed as the service wants it, bent by the test. */
  const raw = async (method: string, target: string, body = '', bend: Record<string, string> = {}) => {
    const date = new Date().toUTCString();
    const hash = createHash('sha256').update(body).digest('base64');
    const host = new URL(server.url).host;
    const signature = createHmac('sha256', Buffer.from(ACCESS_KEY, 'base64'))
      .update(`${method}\n${target}\n${date};${host};${hash}`)
      .digest('base64');
    const authorization = `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signature}`;
    const headers = { 'x-ms-date': date, 'x-ms-content-sha256': hash, authorization, 'content-type': 'application/json', ...bend };
    const answer = await fetch(`${server.url}${target}`, { method, headers, ...(body && { body }) });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : (JSON.parse(text) as { error?: { code: string; message: string } }) };
  };
  const CREATE = '/calling/callConnections?api-version=2026-03-12';
  const createBody = (part: object = {}) =>
    JSON.stringify({
      targets: [{ kind: 'phoneNumber', phoneNumber: { value: '+15551239999' } }],
      sourceCallerIdNumber: { value: CALLER },
      callbackUri: callbacks.url,
      ...part,
    });

  describe('asked over HTTP', () => {
    beforeEach(() => open());

    it.each([
      ['without a signature', { authorization: '' }],
      ['with a signature of another key', { authorization: 'HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=AAAA' }],
      ['with the hash of another body', { 'x-ms-content-sha256': 'AAAA' }],
      ['with an old date', { 'x-ms-date': 'Fri, 20 Nov 2015 10:00:00 GMT' }],
      ['without a date', { 'x-ms-date': '' }],
    ])('refuses a request %s', async (_name, bend: Record<string, string>) => {
      expect(await raw('POST', CREATE, createBody(), bend)).toMatchObject({ status: 401, body: { error: { code: '7509' } } });
      expect(server.carrier.ledger.counts().accepted).toBe(0);
    });

    it('takes the same request when it is signed', async () =>
      expect(await raw('POST', CREATE, createBody())).toMatchObject({ status: 201 }));

    it.each([
      ['no api version', '/calling/callConnections', {}, 'api-version'],
      [
        'no phone number',
        CREATE,
        { targets: [{ kind: 'communicationUser', communicationUser: { id: '8:acs:x' } }] },
        'targets.0.phoneNumber',
      ],
      ['two phone numbers', CREATE, { targets: [1, 2].map(() => ({ phoneNumber: { value: '+15551239999' } })) }, 'targets'],
      ['a number that is none', CREATE, { targets: [{ phoneNumber: { value: '911' } }] }, 'E.164'],
      ['no caller id', CREATE, { sourceCallerIdNumber: undefined }, 'sourceCallerIdNumber'],
      ['no callback', CREATE, { callbackUri: undefined }, 'callbackUri'],
      ['a plain callback to another host', CREATE, { callbackUri: 'http://example.com/' }, 'callbackUri'],
      [
        'a plain media URL to another host',
        CREATE,
        { mediaStreamingOptions: { transportType: 'websocket', audioChannelType: 'mixed', transportUrl: 'ws://example.com' } },
        'transportUrl',
      ],
      [
        'an unknown transport',
        CREATE,
        { mediaStreamingOptions: { transportType: 'pigeon', audioChannelType: 'mixed', transportUrl: 'wss://example.com' } },
        'transportType',
      ],
    ])('refuses a call with %s', async (_name, target, part, named) => {
      const { status, body } = await raw('POST', target, createBody(part));
      expect([status, body?.error?.message]).toEqual([400, expect.stringContaining(named)]);
    });

    it('refuses what is no JSON, and what is too long', async () => {
      expect(await raw('POST', CREATE, '{')).toMatchObject({ status: 400, body: { error: { code: '8523' } } });
      expect(await raw('POST', CREATE, 'x'.repeat(1_100_000))).toMatchObject({ status: 413 });
    });

    it('does not know other calls, other operations and other paths', async () => {
      expect(await raw('GET', '/calling/callConnections/none?api-version=1')).toMatchObject({
        status: 404,
        body: { error: { code: '8522' } },
      });
      expect(await raw('POST', '/calling/callConnections:answer?api-version=1', '{}')).toMatchObject({ status: 501 });
      expect(await raw('POST', '/calling/recordings?api-version=1', '{}')).toMatchObject({ status: 501 });
      expect(await raw('PATCH', '/calling/nothing?api-version=1')).toMatchObject({ status: 404 });
      expect((await fetch(`${server.url}/elsewhere`)).status).toBe(418);
    });

    it('publishes its issuer and keys', async () => {
      const configuration = (await (await fetch(`${server.url}/calling/.well-known/acsopenidconfiguration`)).json()) as {
        jwks_uri: string;
      };
      expect(configuration).toMatchObject({ issuer: ISSUER, jwks_uri: `${server.url}/calling/keys` });
      expect(await (await fetch(configuration.jwks_uri)).json()).toMatchObject({ keys: [{ kty: 'RSA', alg: 'RS256' }] });
    });
  });

  describe('driven by the SDK', () => {
    it('answers questions about a call that is up, and forgets it when it is over', async () => {
      await open();
      const { callConnection, callConnectionProperties } = await client.createCall(invite(answering()), callbacks.url, {
        operationContext: 'ours',
      });
      expect(callConnectionProperties).toMatchObject({ callConnectionState: 'connecting' });
      await callbacks.until(() => callbacks.types().includes('ParticipantsUpdated'));
      expect(await callConnection.getCallConnectionProperties()).toMatchObject({ callConnectionState: 'connected' });
      expect((await callConnection.listParticipants()).values).toMatchObject([{ identifier: { phoneNumber: '+15551230001' } }]);
      await callConnection.getCallMedia().playToAll([{ kind: 'textSource', text: 'hello' }]);
      await callConnection.getCallMedia().cancelAllOperations();
      await callConnection.hangUp(false);
      await expect(callConnection.getCallConnectionProperties()).rejects.toMatchObject({ statusCode: 404, code: '8522' });
    });

    it('refuses to transfer a call that rings', async () => {
      await open();
      const { phoneE164 } = server.network.add({ kind: 'no-answer' });
      const { callConnection } = await client.createCall(invite(phoneE164), callbacks.url);
      await expect(callConnection.transferCallToParticipant({ phoneNumber: '+15559990000' })).rejects.toMatchObject({
        statusCode: 400,
        code: '8501',
      });
    });

    /** A call that is up, with a person who holds the line. */
    const callUp = async () => {
      const { phone, phoneE164 } = server.network.add({ kind: 'answer', afterMs: 0 });
      const { callConnection } = await client.createCall(invite(phoneE164), callbacks.url);
      await callbacks.until(() => callbacks.types().includes('ParticipantsUpdated'));
      return { phone, callConnection };
    };

    it('puts a person through: accepted, nobody left in the call, our leg ended; the two hear each other until one hangs up', async () => {
      await open();
      const { phone, callConnection } = await callUp();
      const agent = server.network.add({ kind: 'answer', afterMs: 20 });
      const { operationContext } = await callConnection.transferCallToParticipant(
        { phoneNumber: agent.phoneE164 },
        { operationContext: 'ours' },
      );
      expect(operationContext).toBe('ours');
      await callbacks.until(() => callbacks.types().includes('CallDisconnected'));
      expect(callbacks.types().slice(2)).toEqual(['CallTransferAccepted', 'ParticipantsUpdated', 'CallDisconnected']);
      const [accepted, updated, ended] = callbacks.posts.slice(2).map(({ event }) => event.data);
      expect(accepted).toMatchObject({ operationContext: 'ours', transferTarget: { rawId: `4:${agent.phoneE164}` } });
      expect(updated).toMatchObject({ sequenceNumber: 2, participants: [] });
      expect(ended).toMatchObject({ resultInformation: { code: 200, subCode: 7015 } });
      expect(server.carrier.ledger.counts()).toMatchObject({ accepted: 1, open: 0 });

      expect(phone.ended).toBe(false);
      agent.phone.line?.say(new Int16Array(320).fill(7));
      phone.line?.say(new Int16Array(320).fill(9));
      await phone.until(() => phone.heardSamples.length > 0);
      await agent.phone.until(() => agent.phone.heardSamples.length > 0);
      expect([phone.heardSamples[0], agent.phone.heardSamples[0]]).toEqual([7, 9]);
      agent.phone.line?.hangUp();
      expect([phone.ended, agent.phone.ended]).toEqual([true, true]);
    });

    it.each([
      ['is busy', { kind: 'busy' }, 486],
      ['does not exist', { kind: 'invalid' }, 404],
      ['declines', { kind: 'decline', afterMs: 0 }, 603],
      ['rings out', { kind: 'no-answer' }, 480],
    ] as const)('keeps a person whom a phone that %s should take over', async (_what, outcome, code) => {
      await open({ noAnswerAfterMs: 50 });
      const { phone, callConnection } = await callUp();
      await callConnection.transferCallToParticipant({ phoneNumber: server.network.add(outcome).phoneE164 }, { operationContext: 'ours' });
      await callbacks.until(() => callbacks.types().includes('CallTransferFailed'));
      expect(callbacks.posts.at(-1)?.event.data).toMatchObject({ operationContext: 'ours', resultInformation: { code } });
      expect(await callConnection.getCallConnectionProperties()).toMatchObject({ callConnectionState: 'connected' });
      expect(phone.ended).toBe(false);
    });

    it('rings one phone at a time, and none once the person has hung up', async () => {
      await open();
      const { phone, callConnection } = await callUp();
      const agent = server.network.add({ kind: 'answer', afterMs: 30_000 });
      const transfer = () => callConnection.transferCallToParticipant({ phoneNumber: agent.phoneE164 });
      await transfer();
      expect(await callConnection.getCallConnectionProperties()).toMatchObject({ callConnectionState: 'transferring' });
      await expect(transfer()).rejects.toMatchObject({ statusCode: 400, code: '8501' });
      expect(agent.phone.rings).toBe(1);
      phone.line?.hangUp();
      await callbacks.until(() => callbacks.types().includes('CallDisconnected'));
      expect(callbacks.types()).not.toContain('CallTransferAccepted');
      await expect(transfer()).rejects.toMatchObject({ statusCode: 404, code: '8522' });
      expect(server.carrier.ledger.snapshot().calls).toMatchObject([{ endedBy: 'callee', result: { code: 200, subCode: 560000 } }]);
    });

    it('lends no number of somebody else', async () => {
      await open({ callerNumbers: ['+15550000002'] });
      await expect(client.createCall(invite(answering()), callbacks.url)).rejects.toMatchObject({ statusCode: 403, code: '7507' });
    });

    it('is as strict as the service when asked', async () => {
      await open({ strict: true });
      await expect(client.createCall(invite(answering()), callbacks.url)).rejects.toMatchObject({ statusCode: 400, code: '8523' });
    });

    it('gives no answer before it rings out, and 25 seconds is not the test', async () => {
      await open({ noAnswerAfterMs: 50 });
      const { phoneE164 } = server.network.add({ kind: 'answer', afterMs: 60_000 });
      await client.createCall(invite(phoneE164), callbacks.url);
      await callbacks.until(() => callbacks.types().includes('CallDisconnected'));
      expect(callbacks.posts.map(({ event }) => event.data['resultInformation'])).toMatchObject([
        { code: 480, subCode: 560480, sipDetails: { code: 480 }, q850Details: { code: 19 } },
        { code: 480, subCode: 560480 },
      ]);
      expect(server.carrier.ledger.snapshot().calls).toMatchObject([{ answeredAt: null, result: { code: 480, subCode: 560480 } }]);
    });

    it('survives people who fail', async () => {
      await open();
      const { phoneE164 } = server.network.add({ kind: 'answer', afterMs: 0 }, (line) =>
        line.onAudio(() => void line.say(null as unknown as Int16Array)),
      );
      await client.createCall(invite(phoneE164), callbacks.url);
      await callbacks.until(() => callbacks.types().includes('CallDisconnected'));
      expect(server.carrier.ledger.snapshot().calls).toMatchObject([{ result: { code: 410, subCode: 301005 } }]);
    });
  });

  describe('calling back', () => {
    it('posts what the SDK understands, in order, with the trace it was given', async () => {
      await open();
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      await client.createCall(invite(answering(true)), callbacks.url, {
        operationContext: 'ours',
        requestOptions: { customHeaders: { traceparent } },
      });
      await callbacks.until(() => callbacks.posts.length === 3);
      expect(callbacks.types()).toEqual(['CallConnected', 'ParticipantsUpdated', 'CallDisconnected']);
      for (const { headers, event } of callbacks.posts) {
        expect(headers).toMatchObject({
          traceparent,
          authorization: expect.stringMatching(/^Bearer /),
          'content-type': 'application/json',
        });
        expect(parseCallAutomationEvent([event] as never)).toMatchObject({
          operationContext: 'ours',
          callConnectionId: expect.any(String),
        });
      }
      expect(new Set(callbacks.posts.map(({ event }) => event.id)).size).toBe(3);
    });

    it('tries again until it is taken', async () => {
      await open({}, 2);
      await client.createCall(invite(answering(true)), callbacks.url);
      await callbacks.until(() => callbacks.posts.length === 3);
      expect(callbacks.tries()).toBe(5);
      expect(server.carrier.callbacks).toMatchObject({ retries: 2, undelivered: 0 });
    });

    it.each([
      ['duplicate', { kind: 'duplicate' }, ['CallConnected', 'CallConnected', 'ParticipantsUpdated', 'CallDisconnected']],
      ['reorder', { kind: 'reorder' }, ['ParticipantsUpdated', 'CallConnected', 'CallDisconnected']],
      ['delay', { kind: 'delay', delayMs: 1_500 }, ['ParticipantsUpdated', 'CallDisconnected', 'CallConnected']],
      ['drop', { kind: 'drop' }, ['ParticipantsUpdated', 'CallDisconnected']],
    ] as const)('may %s an event when asked to', async (_name, fault, types) => {
      await open({ faults: { rules: [{ on: 'callback', event: 'CallConnected', when: { nth: 1 }, fault }] } });
      await client.createCall(invite(answering(true)), callbacks.url);
      await callbacks.until(() => callbacks.posts.length === types.length);
      expect(callbacks.types()).toEqual(types);
      expect(server.carrier.faults.struck()).toEqual({ [`callback ${fault.kind}`]: 1 });
    });
  });

  it('may tell of a call before it answers the request for it', async () => {
    await open({ faults: { rules: [{ on: 'createCall', when: { nth: 1 }, fault: { kind: 'early', atMostMs: 5_000 } }] } });
    const placed = client.createCall(invite(answering()), callbacks.url).then(() => callbacks.types());
    expect(await placed).toContain('CallConnected');
    expect(server.carrier.faults.struck()).toEqual({ 'createCall early': 1 });
  });

  it('counts for the referee: a repeat is no second call, a second id is', async () => {
    await open();
    const phone = answering();
    const repeatable = () => ({ 'Repeatability-Request-ID': randomUUID(), 'Repeatability-First-Sent': new Date().toUTCString() });
    const once = repeatable();
    for (const customHeaders of [once, once]) await client.createCall(invite(phone), callbacks.url, { requestOptions: { customHeaders } });
    expect([server.carrier.ledger.doubleDials(), server.carrier.repeatability.replays]).toEqual([{ overlapping: 0, repeated: 0 }, 1]);
    await client.createCall(invite(phone), callbacks.url, { requestOptions: { customHeaders: repeatable() } });
    expect(server.carrier.ledger.snapshot()).toMatchObject({ accepted: 2, overlapping: 1, repeated: 1 });
  });
});
