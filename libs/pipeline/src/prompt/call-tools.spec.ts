import type { ClaimField } from '@carillon/contracts';
import type { ToolOutcome } from '../ports.js';
import { createCallTools } from './call-tools.js';

const fields: ClaimField[] = [
  { name: 'name', type: 'text' },
  { name: 'callback', type: 'phone_number' },
  { name: 'due', type: 'datetime' },
];

const { signal } = new AbortController();

function setUp(claim = {}) {
  const tools = createCallTools({ fields, claim, region: 'US' });
  let calls = 0;
  const run = (name: string, args: unknown, id = `c${(calls += 1)}`): Promise<ToolOutcome> =>
    tools.run({ id, name, arguments: typeof args === 'string' ? args : JSON.stringify(args) }, signal);
  return { tools, run };
}

const update = (...pairs: [string, unknown][]) => ({ updates: pairs.map(([field, value]) => ({ field, value })) });

describe('updated_claim', () => {
  it('stores good values and says why it refused the others', async () => {
    const { run } = setUp({ due: '2026-01-01' });
    const { content, claim } = await run('updated_claim', update(['name', ' Ann '], ['callback', '12'], ['shoe', 'x']));
    expect(claim).toEqual({ due: '2026-01-01', name: 'Ann' });
    expect(JSON.parse(content)).toEqual({
      updated: { name: 'Ann' },
      rejected: [
        { field: 'callback', value: '12', reason: expect.stringContaining('country code') },
        { field: 'shoe', value: 'x', reason: 'There is no such field. Use one of: name, callback, due.' },
      ],
      missing: ['callback'],
    });
  });

  it('keeps what earlier calls of it stored', async () => {
    const { run } = setUp();
    await run('updated_claim', update(['name', 'Ann']));
    expect((await run('updated_claim', update(['callback', '(415) 555-2671']))).claim).toEqual({ name: 'Ann', callback: '+14155552671' });
  });

  it('changes nothing when all is refused', async () => {
    expect((await setUp().run('updated_claim', update(['due', 'next week']))).claim).toBeUndefined();
  });

  it('gives the same outcome to the same call id', async () => {
    const { run } = setUp();
    const first = await run('updated_claim', update(['name', 'Ann']), 'same');
    expect(await run('updated_claim', update(['name', 'Bob']), 'same')).toBe(first);
  });

  it.each(['no json', '[]', '{"updates":"x"}', '{"updates":[1,null]}', '{"updates":[{"field":"__proto__","value":"x"}]}'])(
    'survives %s',
    async (args) => {
      const { content, claim } = await setUp().run('updated_claim', args);
      expect(Object.keys(JSON.parse(content) as object)).not.toHaveLength(0);
      expect(claim).toBeUndefined();
    },
  );
});

it('end_call ends the call, with or without a reason', async () => {
  const { run } = setUp();
  expect((await run('end_call', { reason: 'done' })).endCall).toEqual({ reason: 'done' });
  expect((await run('end_call', '')).endCall).toEqual({ reason: '' });
});

it('a tool that does not exist is told to the model', async () => {
  expect(JSON.parse((await setUp().run('send_sms', {})).content)).toEqual({ error: 'There is no tool named send_sms.' });
});

it('without fields there is nothing to update', () => {
  expect(createCallTools({ fields: [], claim: {} }).definitions.map(({ name }) => name)).toEqual(['end_call']);
});

describe('what a person asks for beyond the call', () => {
  const asked: string[] = [];
  const requests = {
    optOut: async (reason: string) => void asked.push(reason),
    callBack: async (localTime: string) =>
      localTime < '2026-01-01' ? { problem: 'That time has passed.' } : { at: `${localTime}:00.000Z` },
  };
  const tools = createCallTools({ fields: [], claim: {}, requests });
  const run = async (id: string, name: string, args: object) =>
    JSON.parse((await tools.run({ id, name, arguments: JSON.stringify(args) }, new AbortController().signal)).content) as object;

  it('is offered, and done once however often the model repeats itself', async () => {
    expect(tools.definitions.map(({ name }) => name)).toEqual(['end_call', 'opt_out', 'schedule_callback']);
    await run('1', 'opt_out', { reason: 'leave me alone' });
    await run('1', 'opt_out', { reason: 'leave me alone' });
    expect(asked).toEqual(['leave me alone']);
  });

  it('is answered with the instant, or with what is wrong', async () => {
    expect(await run('2', 'schedule_callback', { local_time: '2026-03-02T15:00' })).toMatchObject({
      done: true,
      at: '2026-03-02T15:00:00.000Z',
    });
    expect(await run('3', 'schedule_callback', { local_time: '2020-03-02T15:00' })).toEqual({ error: 'That time has passed.' });
    expect(await run('4', 'schedule_callback', { local_time: 'tomorrow' })).toMatchObject({
      error: expect.stringContaining('2026-03-02T15:00'),
    });
  });
});
