import { randomUUID } from 'node:crypto';
import type { LiveEvent } from '@carillon/contracts';
import { openTestApi, type TestApi } from '../testing/open-test-api.js';

let api: TestApi;
let headers: { authorization: string };
let leave: AbortController;
beforeAll(async () => {
  api = await openTestApi();
  headers = await api.authorize('viewer');
});
afterAll(() => api.close());
beforeEach(() => (leave = new AbortController()));
afterEach(() => leave.abort());

const said = (tenantId: string, callId: string, content: string): LiveEvent => ({
  ...{ type: 'call.said', tenantId, at: '2026-03-02T09:00:00.000Z', callId, persona: 'human', content },
});

/** An open stream, as a browser reads it. */
async function watch(query = '', as = headers) {
  const answer = await fetch(`${api.url}/events${query}`, { headers: as, signal: leave.signal });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const readUntil = async (pattern: RegExp) => {
    while (!pattern.test(text)) {
      const { value, done } = (await reader?.read()) ?? { done: true };
      if (done) break;
      text += value;
    }
    return text;
  };
  await readUntil(/: connected\n\n/);
  return { answer, readUntil };
}

describe('the event stream', () => {
  it('delivers what happens in the tenant, and nothing of another one', async () => {
    const { answer, readUntil } = await watch();
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const event = said('default', randomUUID(), 'Two\nlines');
    await api.coordination.live.publish(said('other', randomUUID(), 'secret'));
    await api.coordination.live.publish(event);
    const text = await readUntil(/Two/);
    expect(text).toContain(`data: ${JSON.stringify(event)}\n\n`);
    expect(text).not.toContain('secret');
  });

  it('delivers one campaign only when asked', async () => {
    const initiate = { bot_company: 'Contoso', bot_name: 'Amélie', agent_phone_number: '+14155550199' };
    const operator = await api.authorize('operator');
    const made = await api.http.post('/campaigns').set(operator).send({ name: 'Spring', policy: 'none', default_region: 'US', initiate });
    const { readUntil } = await watch(`?campaign_id=${made.body.id}`);
    await api.coordination.live.publish(said('default', randomUUID(), 'elsewhere'));
    await api.http.post(`/campaigns/${made.body.id}/cancel`).set(operator);
    const text = await readUntil(/campaign\.status/);
    expect(text).toContain('"status":"cancelled"');
    expect(text).not.toContain('elsewhere');
  });

  it('leaves no subscription behind', async () => {
    const subscribers = async () => (await api.parts.live.publish(said('default', randomUUID(), 'x')), api.streams.open);
    await watch();
    const before = await subscribers();
    leave.abort();
    while ((await subscribers()) >= before) await new Promise((resolve) => setImmediate(resolve));
    expect(await subscribers()).toBe(before - 1);
  });

  it('ends when the process stops taking work', async () => {
    const { readUntil } = await watch();
    api.streams.endAll();
    expect(await readUntil(/never/)).toBe(': connected\n\n');
  });

  it.each([
    ['?campaign_id=spring', 422, 'invalid_body'],
    [`?campaign_id=${randomUUID()}`, 404, 'not_found'],
  ])('refuses %s', async (query, status, code) => {
    const answer = await api.http.get(`/events${query}`).set(headers);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });
});
