import { findCall, findScheduledCall, gatherFacts, scheduleCall } from '@carillon/store';
import { BUSY, MISCONFIGURED, THROTTLED, UNUSABLE } from './testing/carrier-results.js';
import type { DialerStage } from './testing/dialer-stage.js';
import { INITIATE } from './testing/initiate.js';
import { stageEachTest } from './testing/stage-each-test.js';

const tenantId = 'default';
const PHONE = '+14155550177';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let stage: DialerStage;
stageEachTest((opened) => {
  stage = opened;
});

const dialed = () => stage.carrier.requests.length;
const number = (phoneE164: string, limits: { dailyCap?: number; maxConcurrent?: number; restingUntil?: Date } = {}) =>
  stage.store.prisma.callerNumber.create({ data: { tenantId, phoneE164, country: 'US', ...limits } });
const view = (callId: string) => findCall(stage.store, { tenantId, callId });
const historyOf = async (phoneE164: string) => {
  const facts = await gatherFacts(stage.store, {
    ...{ tenantId, phoneE164, now: stage.now },
    ...{ campaignId: null, contactId: null, callId: null, callerNumber: null },
  });
  return facts.history;
};
/** Asked for later, or promised in an earlier call: due now, and not after so long. */
const scheduled = async (phoneE164: string, patienceMs: number) => {
  const id = crypto.randomUUID();
  await scheduleCall(stage.store, {
    ...{ id, tenantId, phoneE164, initiate: INITIATE, asked: { policies: ['none'], consent: null }, source: 'callback', reason: null },
    ...{ nextAt: stage.now, notAfter: new Date(stage.now.getTime() + patienceMs), blocked: null, now: stage.now },
  });
  return id;
};
const stateOf = (scheduledCallId: string) => findScheduledCall(stage.store, { tenantId, scheduledCallId });
const noSlots = () => stage.coordination.fleet.withdraw('media');
/** So long, with the reaper's runs and all jobs. */
const pass = async (ms: number) => {
  for (let passed = 0; passed < ms; passed += 10_000) {
    stage.advance(10_000);
    await stage.reap();
  }
};

describe('our numbers, in calls from the API', () => {
  it('are shown in turn and no more often than their caps allow; then the call is refused until tomorrow', async () => {
    await number('+14155550901', { dailyCap: 1 });
    await number('+14155550902', { dailyCap: 1 });
    await stage.restCall('+14155550101');
    await stage.restCall('+14155550102');
    await expect(stage.restCall('+14155550103')).rejects.toMatchObject({
      code: 'refused',
      refusal: { reasons: [{ code: 'number_cap', until: expect.stringMatching(/T00:00:00.000Z$/) }] },
    });
    await stage.turn();
    expect(stage.carrier.requests.map(({ fromE164 }) => fromE164).sort()).toEqual(['+14155550901', '+14155550902']);
    expect(await stage.charged()).toEqual({ account: 2, tenant: 2, number: 2 });
  });

  it('that rest are not shown, and the call may be asked for again when the first has rested', async () => {
    const restingUntil = new Date(stage.now.getTime() + 4 * HOUR);
    await number('+14155550901', { restingUntil });
    await number('+14155550902', { restingUntil: new Date(stage.now.getTime() + 5 * HOUR) });
    await expect(stage.restCall(PHONE)).rejects.toMatchObject({ refusal: { next_allowed_at: restingUntil.toISOString() } });
    expect(await stage.charged()).toEqual({});
  });

  it('have no more calls at a time than they may, those of campaigns counted in', async () => {
    await number('+14155550901', { maxConcurrent: 1 });
    await stage.campaign(['+14155550100']);
    await stage.turn();
    await expect(stage.restCall(PHONE)).rejects.toMatchObject({ refusal: { reasons: [{ code: 'number_cap' }] } });
    const [call] = await stage.calls();
    await stage.tell(call?.id ?? '', { type: 'failed', result: BUSY });
    const callId = await stage.restCall(PHONE);
    expect((await view(callId))?.caller_number).toBe('+14155550901');
  });

  it('hold for calls for later too, which wait until there is room', async () => {
    await number('+14155550901', { maxConcurrent: 1 });
    const first = await stage.restCall('+14155550101');
    const later = await scheduled(PHONE, HOUR);
    await stage.reap();
    expect(await stateOf(later)).toMatchObject({ state: 'waiting', blocked: 'number_cap' });
    await stage.tell(first, { type: 'failed', result: BUSY });
    await pass(MINUTE);
    expect(stage.carrier.requests.at(-1)).toMatchObject({ toE164: PHONE, fromE164: '+14155550901' });
  });

  it('are those of the configuration where the tenant has none', async () => {
    await stage.restCall(PHONE);
    await stage.turn();
    expect(stage.carrier.requests).toMatchObject([{ fromE164: '+14155550111' }]);
  });
});

describe('a call that never reached the carrier is charged to nobody', () => {
  it('when no slot came in time', async () => {
    await noSlots();
    const callId = await stage.restCall(PHONE);
    expect(await stage.charged()).toEqual({ account: 1, tenant: 1 });
    await pass(40_000);
    expect(await stage.charged()).toEqual({ account: 0, tenant: 0 });
    expect(await historyOf(PHONE)).toEqual([]);
    expect(await view(callId)).toMatchObject({ status: 'ended', outcome: 'cancelled', ended_at: expect.any(String) });
    expect(stage.events.at(-1)).toMatchObject({ type: 'call.ended', callId, disposition: 'cancelled' });
  });

  it.each([
    ['for now', THROTTLED, 'cancelled', 429],
    ['for what was asked', UNUSABLE, 'configuration_error', 400],
    ['for our configuration', MISCONFIGURED, 'configuration_error', 401],
  ] as const)('when the carrier refused it %s', async (_, answer, outcome, code) => {
    await number('+14155550901');
    stage.carrier.answerNext(() => answer);
    const callId = await stage.restCall(PHONE);
    await stage.turn();
    expect(await stage.charged()).toEqual({ account: 0, tenant: 0, number: 0 });
    expect(await historyOf(PHONE)).toEqual([]);
    expect(await view(callId)).toMatchObject({ status: 'ended', outcome, result: { code } });
    expect(await stage.store.prisma.inFlight.count()).toBe(0);
    expect((await stage.coordination.fleet.countSlots()).held).toBe(0);
  });

  it('nor its contact, which is over when the carrier refused what was asked', async () => {
    const budget = { amount: 10, currency: 'EUR', cost_per_call: 1, cost_per_minute: 0 };
    const id = await stage.campaign([PHONE], { settings: { budget } });
    stage.carrier.answerNext(() => UNUSABLE);
    await stage.turn();
    expect(await stage.contacts(id)).toMatchObject([{ state: 'final', disposition: 'configuration_error', attempts: 0 }]);
    expect(await stage.charged()).toEqual({ account: 0, tenant: 0, campaign: 0, number: 0 });
    expect(await historyOf(PHONE)).toEqual([]);
    expect(await stage.store.prisma.campaign.findUnique({ where: { id } })).toMatchObject({ status: 'completed', spentMicros: 0n });
    expect(stage.events.map(({ type }) => type)).toContain('call.ended');
  });
});

describe('the day, charged and given back by many at once', () => {
  it('never makes one wait for the other, and counts what was sent', async () => {
    for (let i = 0; i < 3; i++) await number(`+1415555090${i}`);
    await stage.campaign(
      Array.from({ length: 30 }, (_, i) => `+141555502${10 + i}`),
      { maxConcurrent: 30 },
    );
    for (let i = 0; i < 5; i++) await scheduled(`+141555503${10 + i}`, HOUR);
    stage.carrier.answerNext(...Array.from({ length: 8 }, (_, i) => () => (i % 2 === 0 ? UNUSABLE : MISCONFIGURED)));
    await stage.dialer.tick();
    await Promise.all([
      ...Array.from({ length: 10 }, (_, i) => stage.restCall(`+141555504${10 + i}`)),
      ...Array.from({ length: 3 }, () => stage.dialer.tick()),
      stage.dialer.reap(),
      stage.conveyor.run(stage.dialer.handlers),
    ]);
    await stage.conveyor.run(stage.dialer.handlers);
    const sent = await stage.store.prisma.call.count({ where: { state: { not: 'released' } } });
    expect(await stage.charged()).toEqual({ account: sent, tenant: sent, number: sent, campaign: expect.any(Number) });
  });
});

describe('a promised call', () => {
  it('for which no slot comes is tried again until there is one, under the same id', async () => {
    await noSlots();
    const id = await scheduled(PHONE, HOUR);
    await stage.reap();
    expect(await stateOf(id)).toMatchObject({ state: 'called', callId: id });
    await pass(5 * MINUTE);
    expect(await stage.charged()).toEqual({ account: 1, tenant: 1 }); // the try that goes on
    await stage.giveSlots(5);
    await pass(MINUTE);
    expect(dialed()).toBe(1);
    expect(await stage.calls()).toHaveLength(1 + (await stage.store.prisma.call.count({ where: { state: 'released' } })));
    expect(await view(id)).toMatchObject({ call_id: id, status: 'ringing' });
    expect(await stateOf(id)).toMatchObject({ state: 'called', callId: id });
  });

  it('is given up when its time is over, and says so', async () => {
    await noSlots();
    const id = await scheduled(PHONE, 5 * MINUTE);
    await pass(7 * MINUTE);
    expect(await stateOf(id)).toMatchObject({ state: 'expired' });
    expect(await stage.charged()).toEqual({ account: 0, tenant: 0 });
    expect(await stage.store.prisma.inFlight.count()).toBe(0);
    expect(dialed()).toBe(0);
  });

  it('that the carrier throttles comes after the pause', async () => {
    stage.carrier.answerNext(() => THROTTLED);
    const id = await scheduled(PHONE, HOUR);
    await stage.reap();
    expect(await stateOf(id)).toMatchObject({ state: 'waiting', callId: null });
    expect(await view(id)).toBeNull();
    await pass(MINUTE);
    expect(stage.carrier.ringsOf(PHONE)).toBe(1);
  });

  it('that the carrier cannot serve is cancelled, and its call tells why', async () => {
    stage.carrier.answerNext(() => UNUSABLE);
    const id = await scheduled(PHONE, HOUR);
    await pass(10 * MINUTE);
    expect(dialed()).toBe(1);
    expect(await stateOf(id)).toMatchObject({ state: 'cancelled', callId: id });
    expect(await view(id)).toMatchObject({ outcome: 'configuration_error', result: { code: 400 } });
  });
});

describe('at midnight', () => {
  const limits = (settings: object) => stage.store.prisma.tenant.update({ where: { id: tenantId }, data: { settings } });
  /** Ten seconds before it in the zone of the tenant (UTC where it has none), well after what the database stamps with its own time. */
  const justBefore = (text: string) => {
    stage.now = new Date(text);
  };

  it('a call that was asked for before it and is dialed after it counts on the new day', async () => {
    justBefore('2030-07-03T23:59:50Z');
    await number('+14155550901');
    await noSlots();
    await stage.restCall(PHONE);
    await stage.giveSlots(5);
    await pass(20_000);
    expect(dialed()).toBe(1);
    expect(await stage.charged('2030-07-03')).toEqual({ account: 0, tenant: 0, number: 0 });
    expect(await stage.charged('2030-07-04')).toEqual({ account: 1, tenant: 1, number: 1 });
  });

  it('the cap of the new day holds for those that were asked for before it', async () => {
    await limits({ daily_cap: 2 });
    justBefore('2030-07-03T23:59:50Z');
    await noSlots();
    const early = [await stage.restCall('+14155550101'), await stage.restCall('+14155550102')];
    stage.advance(11_000);
    await stage.restCall('+14155550103');
    await stage.giveSlots(5);
    await pass(40_000);
    expect(dialed()).toBe(2);
    expect((await Promise.all(early.map(view))).map((call) => call?.outcome)).toEqual(expect.arrayContaining([null, 'cancelled']));
    expect(await stage.charged('2030-07-04')).toEqual({ account: 2, tenant: 2 });
    expect(await stage.charged('2030-07-03')).toEqual({ account: 0, tenant: 0 });
  });

  it('of UTC the day of the account ends for every tenant, whatever their own day', async () => {
    await limits({ time_zone: 'Pacific/Auckland' }); // UTC+12: the tenant's 4 July goes on until noon of UTC
    stage.account.dailyCap = 1;
    justBefore('2030-07-03T23:59:50Z');
    await stage.restCall('+14155550101');
    await expect(stage.restCall('+14155550102')).rejects.toMatchObject({
      refusal: { reasons: [{ code: 'account_cap' }], next_allowed_at: '2030-07-04T00:00:00.000Z' },
    });
    stage.advance(10_000);
    await stage.restCall('+14155550102');
    expect(await stage.charged('2030-07-03')).toEqual({ account: 1 });
    expect(await stage.charged('2030-07-04')).toEqual({ account: 1, tenant: 2 });
  });

  it('of the tenant the account goes on counting', async () => {
    await limits({ time_zone: 'Pacific/Auckland', daily_cap: 1 });
    stage.account.dailyCap = 2;
    justBefore('2030-07-03T11:59:50Z');
    await stage.campaign(['+14155550100']);
    await stage.turn();
    stage.advance(10_000);
    await stage.restCall('+14155550101'); // the tenant's new day
    await stage.turn();
    await stage.store.prisma.tenant.update({ where: { id: tenantId }, data: { settings: {} } });
    await expect(stage.restCall('+14155550102')).rejects.toMatchObject({ refusal: { reasons: [{ code: 'account_cap' }] } });
    expect(dialed()).toBe(2);
  });

  it('a call that is charged anew moves only on the day that has ended', async () => {
    await limits({ time_zone: 'Pacific/Auckland' });
    justBefore('2030-07-03T23:59:50Z');
    await noSlots();
    const callId = await stage.restCall(PHONE);
    await stage.giveSlots(5);
    stage.carrier.answerNext(() => UNUSABLE);
    await pass(20_000);
    expect(dialed()).toBe(1);
    // Refused: what was charged anew is given back where it was charged.
    expect(await view(callId)).toMatchObject({ outcome: 'configuration_error' });
    expect(await stage.charged('2030-07-03')).toEqual({ account: 0 });
    expect(await stage.charged('2030-07-04')).toEqual({ account: 0, tenant: 0 });
  });

  it('of UTC contacts that were claimed before it wait for the new day', async () => {
    await limits({ time_zone: 'Pacific/Auckland' });
    justBefore('2030-07-03T23:59:59Z');
    await stage.campaign([PHONE]);
    await stage.dialer.tick();
    stage.advance(1_000);
    await stage.conveyor.run(stage.dialer.handlers);
    expect(dialed()).toBe(0);
    stage.advance(2_000);
    await stage.turn();
    expect(dialed()).toBe(1);
    expect(await stage.charged('2030-07-03')).toEqual({ account: 0 });
    expect(await stage.charged('2030-07-04')).toMatchObject({ account: 1, tenant: 1 });
  });
});
