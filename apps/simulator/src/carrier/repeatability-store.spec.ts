import type { IncomingMessage } from 'node:http';
import { invalidArgument } from './acs-error.js';
import { RepeatabilityStore } from './repeatability-store.js';

const ID = '0b8f1c1e-6f0e-4d7b-9a55-3f1f6a5c2d11';
const FIRST_SENT = 'Fri, 20 Nov 2026 10:00:00 GMT';
const WINDOW_MS = 300_000;

const setUp = () => {
  let ms = Date.parse(FIRST_SENT);
  let executions = 0;
  const store = new RepeatabilityStore({ windowMs: WINDOW_MS, now: () => ms });
  const post = (headers: Record<string, string>, body = 'body', url = '/calling/callConnections?api-version=1') => {
    const request = { method: 'POST', url, headers } as unknown as IncomingMessage;
    return store
      .once(request, Buffer.from(body), () => Promise.resolve({ status: 201, body: { execution: ++executions } }))
      .catch((error: Error) => error);
  };
  return { store, post, pass: (byMs: number) => void (ms += byMs), executions: () => executions };
};
const repeatable = { 'repeatability-request-id': ID, 'repeatability-first-sent': FIRST_SENT };

describe('a repeatable request', () => {
  it('is executed once; the repeat gets the first answer', async () => {
    const { post, store } = setUp();
    expect(await post(repeatable)).toEqual({ status: 201, body: { execution: 1 } });
    expect(await post(repeatable)).toEqual({ status: 201, body: { execution: 1 }, headers: { 'Repeatability-Result': 'accepted' } });
    expect(store.replays).toBe(1);
  });

  it('is executed once also when the repeat comes while the first is worked on', async () => {
    const { post, executions } = setUp();
    await Promise.all([post(repeatable), post(repeatable), post(repeatable)]);
    expect(executions()).toBe(1);
  });

  it('is another one for another path or id', async () => {
    const { post, executions } = setUp();
    await post(repeatable);
    await post(repeatable, 'body', '/calling/callConnections/c:terminate?api-version=1');
    await post({ ...repeatable, 'repeatability-request-id': ID.replace('0', '1') });
    expect(executions()).toBe(3);
  });

  it('is refused with another body, without its date, without its id, with a date or an id that is none', async () => {
    const { post, executions } = setUp();
    await post(repeatable);
    const refusals = [
      await post(repeatable, 'another body'),
      await post({ 'repeatability-request-id': ID }),
      await post({ 'repeatability-first-sent': FIRST_SENT }),
      await post({ ...repeatable, 'repeatability-first-sent': 'long ago' }),
      await post({ ...repeatable, 'repeatability-request-id': 'once' }),
    ];
    expect(refusals).toMatchObject(Array.from({ length: 5 }, () => ({ status: 400 })));
    expect(executions()).toBe(1);
  });

  it('is refused after the window, and never executed again', async () => {
    const { post, pass, executions } = setUp();
    await post(repeatable);
    pass(WINDOW_MS + 1);
    expect(await post(repeatable)).toMatchObject({ status: 412 });
    expect(executions()).toBe(1);
  });

  it('is executed again by a service that forgets: why the ledger must not trust the id alone', async () => {
    const { post, store, executions } = setUp();
    await post(repeatable);
    store.forgetful = true;
    await post(repeatable);
    expect(executions()).toBe(2);
  });

  it('may be tried again after a refusal', async () => {
    const { store } = setUp();
    const request = { method: 'POST', url: '/x', headers: repeatable } as unknown as IncomingMessage;
    await expect(store.once(request, Buffer.alloc(0), () => Promise.reject(invalidArgument('no')))).rejects.toThrow('no');
    expect(await store.once(request, Buffer.alloc(0), () => Promise.resolve({ status: 204 }))).toEqual({ status: 204 });
  });
});
