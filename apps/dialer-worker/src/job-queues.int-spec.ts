import type { JobObserver } from '@carillon/coordination';
import { openTestDatabase, type TestDatabase } from '@carillon/testing';
import { BUSY } from './testing/carrier-results.js';
import { DialerStage } from './testing/dialer-stage.js';

const silent: JobObserver = { started: () => undefined, completed: () => undefined, failed: () => undefined, error: () => undefined };

let database: TestDatabase;
let stage: DialerStage;
beforeAll(async () => {
  database = await openTestDatabase();
  stage = await DialerStage.open(database, { realQueues: true });
});
afterAll(async () => {
  await stage.close();
  await database.close();
});

it('A campaign goes through real queues to its end, from the tick to the event that says so', async () => {
  const campaignId = await stage.campaign(['+14155550100', '+14155550101', '+14155550102']);
  const over = new Promise<void>((resolve) => {
    void stage.coordination.live.subscribe('default', (event) => {
      if (event.type === 'campaign.status' && event.status === 'completed') resolve();
      if (event.type === 'call.ringing') void stage.post(event.callId, { type: 'failed', result: BUSY });
    });
  });
  const workers = stage.coordination.createWorkers({ handlers: stage.dialer.handlers, observer: silent });
  await workers.open();
  await stage.dialer.tick();
  await over;
  await workers.close();
  const contacts = await stage.contacts(campaignId);
  expect(contacts.map(({ state, disposition }) => [state, disposition])).toEqual(Array.from({ length: 3 }, () => ['final', 'busy']));
  expect(stage.carrier.requests).toHaveLength(3);
});

it('A dialer whose handlers and catalogue differ refuses to start', () => {
  const { synthesise: _, ...rest } = stage.dialer.handlers;
  expect(() => stage.coordination.createWorkers({ handlers: rest, observer: silent })).toThrow('no handler for "synthesise"');
});
