import type { JobObserver } from '@carillon/coordination';
import { startTelemetry, type Telemetry } from '@carillon/platform';
import { openTestDatabase, type TestDatabase } from '@carillon/testing';
import { BUSY } from './testing/carrier-results.js';
import { DialerStage } from './testing/dialer-stage.js';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const silent: JobObserver = { started: () => undefined, completed: () => undefined, failed: () => undefined, error: () => undefined };

let database: TestDatabase;
let stage: DialerStage;
let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = await startTelemetry('test', { endpoint: '', sampleRatio: 1 });
  database = await openTestDatabase();
  stage = await DialerStage.open(database, { realQueues: true });
});
afterAll(async () => {
  await stage.close();
  await database.close();
  await telemetry.close();
});

it('A campaign goes through real queues to its end, from the tick to the event that says so', async () => {
  const campaignId = await stage.campaign(['+14155550100', '+14155550101', '+14155550102']);
  await stage.store.prisma.contact.updateMany({ where: { campaignId }, data: { traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01` } });
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
  // One trace from the upload to the carrier and the media worker, through the queue.
  for (const { callId, traceparent } of stage.carrier.requests) {
    expect(traceparent).toContain(TRACE_ID);
    expect((await stage.coordination.calls.getContext({ tenantId: 'default', callId }))?.traceparent).toContain(TRACE_ID);
  }
});

it('A dialer whose handlers and catalogue differ refuses to start', () => {
  const { synthesise: _, ...rest } = stage.dialer.handlers;
  expect(() => stage.coordination.createWorkers({ handlers: rest, observer: silent })).toThrow('no handler for "synthesise"');
});
