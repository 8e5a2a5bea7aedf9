import { setTimeout as delay } from 'node:timers/promises';
import type { CallView } from '@carillon/contracts';
import { startStack, type Stack } from '../apps/demo/src/stack.js';
import { ownDatabase } from './run-demo.js';

/** People of apps/simulator/people.json who talk. */
const [CALLEE, OTHER_CALLEE] = ['+13125550163', '+16025550168'];
/** Nobody of that file, so an agent at work; and somebody who is always on the phone. */
const [AGENT, BUSY_AGENT] = ['+14155550199', '+15035550112'];
const PATIENCE_MS = 90_000;
const PUT_THROUGH = 'One moment, I am putting you through to a colleague.';

describe('calls whose model stalls', () => {
  let stack: Stack;
  beforeAll(async () => {
    const { REDIS_URL: redisUrl = '' } = process.env;
    stack = await startStack({ databaseUrl: await ownDatabase(), redisUrl, logDir: `.cache/logs/hand-over-${process.pid}` });
    const faults = { model: { fault: { kind: 'stall' }, times: 1_000_000 } };
    await ask(`${stack.simulatorUrl}/control/faults`, stack.simulatorKey, faults);
  }, 120_000);
  afterAll(async () => {
    await fetch(`${stack.simulatorUrl}/control/faults`, { method: 'DELETE', headers: { authorization: `Bearer ${stack.simulatorKey}` } });
    await stack.stop();
  }, 60_000);

  async function ask<T>(url: string, key: string, body?: object): Promise<T> {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await fetch(url, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Calls somebody and waits for that outcome: one of our failures turns into a transfer once the carrier has told the end. */
  async function call(phone_number: string, agent_phone_number: string, outcome: CallView['outcome']): Promise<CallView> {
    const { call_id } = await ask<CallView>(`${stack.apiUrl}/call`, stack.adminKey, {
      ...{ phone_number, agent_phone_number, bot_company: 'Contoso', bot_name: 'Clara', policy: 'none' },
      conversation: { answer_soft_timeout_sec: 2, answer_hard_timeout_sec: 3, answer_hard_timeout_action: 'hand_over' },
    });
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const view = await ask<CallView>(`${stack.apiUrl}/call/${call_id}`, stack.adminKey);
      if (view.status === 'ended' && view.outcome === outcome) return view;
      if (Date.now() > deadline) throw new Error(`the call is still ${view.status}, ${view.outcome}`);
      await delay(250);
    }
  }
  const linesOf = ({ messages }: CallView) => messages.filter(({ persona }) => persona === 'assistant').map(({ content }) => content);

  test('are handed over, and end as transferred; where the agent is busy, the person gets an apology and an offer', async () => {
    const [taken, refused] = await Promise.all([call(CALLEE, AGENT, 'transferred'), call(OTHER_CALLEE, BUSY_AGENT, 'network_failure')]);
    expect(linesOf(taken).at(-1)).toContain(PUT_THROUGH);
    expect(linesOf(refused).join(' ')).toContain(`${PUT_THROUGH} I am sorry, I have a technical problem.`);

    const ledger = await fetch(`${stack.simulatorUrl}/control/carrier/calls.ndjson`, {
      headers: { authorization: `Bearer ${stack.simulatorKey}` },
    });
    const calls = (await ledger.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { phoneE164: string; result: object });
    expect(calls).toHaveLength(2);
    expect(calls.find(({ phoneE164 }) => phoneE164 === CALLEE)?.result).toEqual({ code: 200, subCode: 7015 });
  }, 150_000);
});
