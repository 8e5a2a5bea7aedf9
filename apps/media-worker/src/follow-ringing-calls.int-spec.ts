import type { CallContext, Initiate } from '@carillon/contracts';
import { openCoordination, type Coordination } from '@carillon/coordination';
import { createLogger } from '@carillon/platform';
import { createCall, insertCampaign, loadCallContext } from '@carillon/store';
import { exampleCampaign, openTestDatabase, type TestDatabase } from '@carillon/testing';
import { followRingingCalls } from './follow-ringing-calls.js';
import { callContext, eventually } from './media-worker.spec-support.js';
import { personRequestsIn } from './person-requests-in.js';

const TENANT = 'default';
const log = createLogger('test', { level: 'silent', pii: false });
const NOW = new Date();

describe('a media worker that starts', () => {
  let database: TestDatabase;
  let coordination: Coordination;
  beforeAll(async () => {
    database = await openTestDatabase();
    coordination = openCoordination({ redisUrl: database.redisUrl, prefix: database.prefix, name: 'test', onError: () => undefined });
  });
  afterAll(async () => {
    await coordination.close();
    await database.close();
  });

  const newCall = (phoneE164: string) =>
    createCall(database.store, {
      ...{ tenantId: TENANT, phoneE164, initiate: callContext('x').initiate satisfies Initiate, ringTimeoutMs: 30_000, maxCallMs: 60_000 },
      ...{ traceparent: null, now: NOW, notAfter: new Date(NOW.getTime() + 30_000) },
    });

  it('makes ready what the running campaigns say, as to somebody who is called for the first time, and then each phone that rings', async () => {
    const { store } = database;
    const callId = await newCall('+14155550101');
    const campaignId = await insertCampaign(store, { tenantId: TENANT, request: exampleCampaign, now: NOW });
    await store.prisma.campaign.update({ where: { id: campaignId }, data: { status: 'running', startedAt: NOW } });
    await store.prisma.call.update({ where: { id: callId }, data: { campaignId } });
    await insertCampaign(store, { tenantId: TENANT, request: exampleCampaign, now: NOW }); // nobody was called yet
    const prepared: CallContext[] = [];
    const rings: boolean[] = [];
    const warmedFor: CallContext[] = [];
    await followRingingCalls({
      ...{ store, calls: coordination.calls, log },
      prepared: { prepare: (context, isRinging) => void (prepared.push(context), rings.push(isRinging)) },
      warm: (context) => void warmedFor.push(context),
    });
    expect(prepared).toMatchObject([{ campaignId, history: [], claim: {} }]);
    const ringing = await loadCallContext(store, { tenantId: TENANT, callId: await newCall('+14155550102') });
    if (ringing === null) throw new Error('the call has no context');
    await coordination.calls.putContext(ringing, 60_000);
    await eventually(() => prepared.length === 2, 'the ringing call is prepared for');
    expect(prepared[1]).toEqual(ringing);
    expect(warmedFor).toEqual([ringing]);
    expect(rings).toEqual([false, true]);
  });

  it('misses a phone that it cannot prepare for, says so, and follows the next', async () => {
    const { store } = database;
    const lines: string[] = [];
    const heard = createLogger('test', { level: 'warn', pii: false }, { write: (line) => void lines.push(line) });
    const prepared: string[] = [];
    let warmed = 0;
    await followRingingCalls({
      ...{ store, calls: coordination.calls, log: heard },
      prepared: { prepare: ({ callId }, isRinging) => void (isRinging && prepared.push(callId)) },
      warm() {
        if (++warmed === 1) throw new Error('no connection to be had');
      },
    });
    const ring = async (phoneE164: string): Promise<string> => {
      const callId = await newCall(phoneE164);
      const context = await loadCallContext(store, { tenantId: TENANT, callId });
      if (context === null) throw new Error('the call has no context');
      await coordination.calls.putContext(context, 60_000);
      return callId;
    };
    await ring('+14155550104');
    await eventually(() => lines.length === 1, 'the first one is missed');
    expect(lines[0]).toContain('a ringing call could not be prepared for');
    const next = await ring('+14155550105');
    await eventually(() => prepared.length === 1, 'the next one is prepared for');
    expect(prepared).toEqual([next]);
  });

  it('writes down that a person is to be called again, half an hour from now', async () => {
    const callId = await newCall('+14155550103');
    const requests = personRequestsIn(database.store, () => NOW)({ tenantId: TENANT, callId, epoch: 1 }, '+14155550103');
    await requests.callBackLater();
    const [later] = await database.store.prisma.scheduledCall.findMany({ where: { fromCallId: callId } });
    expect(later).toMatchObject({ source: 'callback', nextAt: new Date(NOW.getTime() + 30 * 60_000) });
    const ofNobody = personRequestsIn(database.store, () => NOW)({ tenantId: 'other', callId, epoch: 1 }, '+14155550103');
    await expect(ofNobody.callBackLater()).rejects.toThrow('not_ours');
  });
});
