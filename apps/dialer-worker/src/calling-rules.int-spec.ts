import { DEFAULT_CAMPAIGN_SETTINGS } from '@carillon/contracts';
import { blacklistPeople, createCall, noteOptOut, optOut, promiseCallback } from '@carillon/store';
import { BUSY, HUNG_UP } from './testing/carrier-results.js';
import type { DialerStage } from './testing/dialer-stage.js';
import { INITIATE } from './testing/initiate.js';
import { stageEachTest } from './testing/stage-each-test.js';

const tenantId = 'default';
const phones = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `+1415555${String(1_000 + from + i)}`);
const MINUTE = 60_000;

let stage: DialerStage;
stageEachTest((opened) => {
  stage = opened;
});

const dialed = () => stage.carrier.requests.length;
const limits = (settings: object) => stage.store.prisma.tenant.update({ where: { id: tenantId }, data: { settings } });
const retry = (changes: Partial<typeof DEFAULT_CAMPAIGN_SETTINGS.retry>) => ({ retry: { ...DEFAULT_CAMPAIGN_SETTINGS.retry, ...changes } });
const isoAt = (ms: number) => new Date(ms);

/** Sets the clock to a wall time of New York in summer (UTC-4), well after what the database stamps with its own. */
const atNewYork = (text: string) => {
  stage.now = new Date(`2030-07-${text}:00-04:00`);
};

describe('hours', () => {
  const newYorker = {
    bucket: { country: 'US', regions: ['NY'], timeZones: ['America/New_York'], consent: 'express_written' },
    policy: 'us-federal',
  };

  it('keep phones silent before eight in the morning where the person is, and open at eight', async () => {
    atNewYork('03T07:59');
    await stage.campaign(phones(2), newYorker);
    await stage.turn();
    expect(dialed()).toBe(0);
    atNewYork('03T08:00');
    await stage.turn();
    expect(dialed()).toBe(2);
    const [call] = await stage.calls();
    expect(call?.decision).toMatchObject({ allowed: true, policies: [{ name: 'us-federal' }] });
  });

  it('that end while a call waits in the queue keep it from being dialed', async () => {
    atNewYork('03T20:59');
    const campaignId = await stage.campaign(phones(1), newYorker);
    await stage.dialer.tick();
    atNewYork('03T21:00');
    await stage.conveyor.run(stage.dialer.handlers);
    expect(dialed()).toBe(0);
    const [contact] = await stage.contacts(campaignId);
    expect(contact).toMatchObject({ state: 'waiting', blocked: expect.stringMatching(/too|window_closed/), attempts: 0 });
    expect(contact?.nextAt.toISOString()).toBe('2030-07-04T12:00:00.000Z');
  });

  it('without consent, nobody is called at any hour', async () => {
    atNewYork('03T12:00');
    await stage.campaign(phones(1), { ...newYorker, bucket: { ...newYorker.bucket, consent: 'legitimate_interest' } });
    await stage.turn();
    expect(dialed()).toBe(0);
  });

  it('of a campaign that is changed while it runs hold from the next tick on', async () => {
    atNewYork('03T12:00');
    const id = await stage.campaign(phones(4), { ...newYorker, maxConcurrent: 1 });
    await stage.turn();
    const windows = [{ days: ['mon'], from: '09:00', to: '10:00' }];
    await stage.store.prisma.campaign.update({
      where: { id },
      data: { maxConcurrent: 10, settings: { windows }, version: { increment: 1 } },
    });
    await stage.turn();
    expect(dialed()).toBe(1);
  });
});

describe('caps', () => {
  it('of a tenant hold whoever claims at the same time', async () => {
    await limits({ daily_cap: 20 });
    await stage.giveSlots(100);
    const [first] = [
      await stage.campaign(phones(60), { maxConcurrent: 100 }),
      await stage.campaign(phones(60, 100), { maxConcurrent: 100 }),
    ];
    await Promise.all(Array.from({ length: 50 }, () => stage.dialer.tick()));
    const rest = phones(50, 300).map((phoneE164) =>
      createCall(stage.store, {
        ...{ tenantId, phoneE164, initiate: INITIATE, traceparent: null, ringTimeoutMs: 30_000, maxCallMs: 60_000, now: stage.now },
        notAfter: isoAt(stage.now.getTime() + MINUTE),
      }).catch(() => null),
    );
    await Promise.all(rest);
    await stage.turn();
    expect(await stage.store.prisma.call.count({ where: { state: { not: 'released' } } })).toBe(20);
    expect(dialed()).toBeLessThanOrEqual(20);
    expect(first).toBeDefined();
  });

  it('are given back by calls that never left', async () => {
    await limits({ daily_cap: 1 });
    await stage.campaign(phones(2));
    stage.carrier.answerNext(() => ({ kind: 'refused', status: 429, code: 'slow', message: '', retryAfterMs: 1_000, cause: 'throttled' }));
    await stage.turn();
    stage.advance(2_000);
    await stage.turn();
    expect(stage.carrier.requests).toHaveLength(2);
    expect(await stage.store.prisma.call.count({ where: { state: { not: 'released' } } })).toBe(1);
  });

  it('on one person count the calls of every campaign, and say until when', async () => {
    const perPerson = { settings: { per_person: { max_per_day: null, max_per_week: 1 } } };
    const [phone = ''] = phones(1);
    await stage.campaign([phone], perPerson);
    await stage.turn();
    const [call] = await stage.calls();
    await stage.tell(call?.id ?? '', { type: 'failed', result: BUSY });
    const second = await stage.campaign([phone], perPerson);
    await stage.turn();
    expect(dialed()).toBe(1);
    const [contact] = await stage.contacts(second);
    expect(contact).toMatchObject({ state: 'waiting', blocked: 'person_cap' });
    expect(contact?.nextAt.getTime()).toBe((call?.dialedAt?.getTime() ?? 0) + 7 * 86_400_000);
  });
});

describe('somebody who says during a call that they want no more of them', () => {
  it('is not called again, and the call says why', async () => {
    const [phone = ''] = phones(1);
    const id = await stage.campaign([phone], { settings: retry({ max_attempts: 3 }) });
    await stage.turn();
    const [call] = await stage.calls();
    const owner = { tenantId, callId: call?.id ?? '', epoch: 1 };
    await stage.tell(owner.callId, { type: 'answered' });
    await optOut(stage.store, { tenantId, phoneE164: phone, reason: 'stop calling me', now: stage.now });
    await noteOptOut(stage.store, owner);
    await stage.mediaCloses(owner.callId, { exchanges: 1, agentClosed: true });
    await stage.tell(owner.callId, { type: 'ended', result: HUNG_UP });
    expect((await stage.contacts(id))[0]).toMatchObject({ state: 'final', disposition: 'opted_out' });
    stage.advance(3 * 86_400_000);
    await stage.turn();
    expect(dialed()).toBe(1);
  });
});

describe('a call from the API in which the person asks to be called later', () => {
  it('becomes a scheduled call, which goes on with the conversation', async () => {
    const first = await stage.restCall('+14155551999');
    await stage.turn();
    await stage.tell(first, { type: 'answered' });
    const wanted = new Date(stage.now.getTime() + 120 * MINUTE).toISOString().slice(0, 16);
    await promiseCallback(stage.store, { tenantId, callId: first, epoch: 1 }, { localTime: wanted, fallbackZone: 'UTC', now: stage.now });
    await stage.mediaCloses(first, { exchanges: 2, agentClosed: true });
    await stage.tell(first, { type: 'ended', result: HUNG_UP });
    await stage.reap();
    expect(dialed()).toBe(1);
    stage.advance(121 * MINUTE);
    await stage.giveSlots(5);
    await stage.reap();
    expect(dialed()).toBe(2);
    const calls = await stage.calls();
    expect(new Set(calls.map(({ conversationId }) => conversationId)).size).toBe(1);
  });
});

describe('the blacklist', () => {
  it('reaches a call that is reserved, and the contacts of every other campaign', async () => {
    const [phone = ''] = phones(1);
    const first = await stage.campaign([phone]);
    await stage.dialer.tick();
    const second = await stage.campaign([phone]);
    await optOut(stage.store, { tenantId, phoneE164: phone, reason: 'do not call me again', now: stage.now });
    await stage.conveyor.run(stage.dialer.handlers);
    await stage.turn();
    expect(dialed()).toBe(0);
    for (const id of [first, second]) expect((await stage.contacts(id))[0]).toMatchObject({ state: 'final', disposition: 'blacklisted' });
  });

  it('is looked at by the claim, for contacts that came in after the entry', async () => {
    const [phone = '', other = ''] = phones(2);
    await blacklistPeople(stage.store, {
      tenantId,
      phones: [phone],
      scope: { kind: 'tenant' },
      reason: 'complaint',
      source: 'api',
      now: stage.now,
    });
    const id = await stage.campaign([phone, other]);
    await stage.turn();
    expect(stage.carrier.requests.map(({ toE164 }) => toE164)).toEqual([other]);
    expect((await stage.contacts(id))[0]).toMatchObject({ state: 'final', disposition: 'blacklisted', blocked: 'blacklisted' });
  });
});

describe('a fleet far larger than its work', () => {
  it('dials at once all that may lie in the queue', async () => {
    await stage.giveSlots(10_000);
    await stage.campaign(phones(30), { maxConcurrent: 100 });
    await stage.turn();
    expect(dialed()).toBe(30);
  });
});

describe('a pause', () => {
  it('keeps everything that lies in the queue from being dialed', async () => {
    const id = await stage.campaign(phones(10));
    await stage.dialer.tick();
    await stage.store.prisma.campaign.update({ where: { id }, data: { status: 'paused' } });
    await stage.conveyor.run(stage.dialer.handlers);
    expect(dialed()).toBe(0);
    expect((await stage.contacts(id)).map(({ state }) => state)).toEqual(Array.from({ length: 10 }, () => 'waiting'));
  });
});

describe('retries', () => {
  const call = async () => (await stage.calls()).at(-1);

  it('come after the delay of the disposition, as often as it allows', async () => {
    const id = await stage.campaign(phones(1), {
      settings: retry({ max_attempts: 3, spread_day_parts: false, rules: { busy: { attempts: 1, delays_minutes: [15] } } }),
    });
    await stage.turn();
    await stage.tell((await call())?.id ?? '', { type: 'failed', result: BUSY });
    expect((await stage.contacts(id))[0]).toMatchObject({ state: 'waiting', class: 1, attempts: 1, disposition: 'busy' });
    stage.advance(14 * MINUTE);
    await stage.turn();
    expect(dialed()).toBe(1);
    stage.advance(10 * MINUTE);
    await stage.turn();
    expect(dialed()).toBe(2);
    await stage.tell((await call())?.id ?? '', { type: 'failed', result: BUSY });
    expect((await stage.contacts(id))[0]).toMatchObject({ state: 'final', disposition: 'busy', attempts: 2 });
  });

  it('give way to a callback at the time that the person asked for', async () => {
    const id = await stage.campaign(phones(1), { settings: retry({ max_attempts: 1 }) });
    await stage.turn();
    const first = (await call())?.id ?? '';
    await stage.tell(first, { type: 'answered' });
    await stage.mediaCloses(first, { exchanges: 2, agentClosed: true });
    const wanted = new Date(stage.now.getTime() + 90 * MINUTE).toISOString().slice(0, 16); // the contact's zone is UTC
    const owner = { tenantId, callId: first, epoch: 1 };
    const past = { localTime: '2020-01-01T10:00', fallbackZone: 'Asia/Tokyo', now: stage.now };
    expect(await promiseCallback(stage.store, owner, past)).toEqual({ problem: 'past' });
    expect(await promiseCallback(stage.store, owner, { ...past, localTime: wanted })).toEqual({ at: new Date(`${wanted}:00Z`) });
    const callbackAt = new Date(`${wanted}:00Z`);
    await stage.tell(first, { type: 'ended', result: HUNG_UP });
    expect((await stage.contacts(id))[0]).toMatchObject({ state: 'waiting', class: 0, nextAt: callbackAt });
    stage.advance(90 * MINUTE);
    await stage.turn();
    expect(dialed()).toBe(2);
  });
});

describe('money', () => {
  it('that is spent stops the campaign before it is overdrawn', async () => {
    const budget = { amount: 2.5, currency: 'EUR', cost_per_call: 1, cost_per_minute: 0 };
    const id = await stage.campaign(phones(5), { settings: { budget } });
    await stage.turn();
    expect(dialed()).toBe(2);
    for (const { id: callId } of await stage.calls()) await stage.tell(callId, { type: 'failed', result: BUSY });
    await stage.reap();
    expect(await stage.store.prisma.campaign.findUnique({ where: { id } })).toMatchObject({ status: 'paused', spentMicros: 2_000_000n });
    expect(dialed()).toBe(2);
  });
});

describe('dates', () => {
  it('start a scheduled campaign, and end one that is not through', async () => {
    const soon = new Date(stage.now.getTime() + MINUTE);
    const later = new Date(stage.now.getTime() + 10 * MINUTE);
    const id = await stage.campaign(phones(3), { status: 'scheduled', maxConcurrent: 1, startsAt: soon, endsAt: later });
    await stage.reap();
    await stage.turn();
    expect(dialed()).toBe(0);
    stage.advance(MINUTE);
    await stage.reap();
    await stage.turn();
    expect(dialed()).toBe(1);
    const [open] = await stage.calls();
    await stage.tell(open?.id ?? '', { type: 'answered' });
    stage.advance(9 * MINUTE);
    await stage.tell(open?.id ?? '', { type: 'ended', result: HUNG_UP });
    await stage.reap();
    expect(await stage.store.prisma.campaign.findUnique({ where: { id } })).toMatchObject({ status: 'completed' });
    expect((await stage.contacts(id)).map(({ state }) => state)).toEqual(['final', 'final', 'final']);
    expect((await stage.contacts(id)).filter(({ disposition }) => disposition === 'expired')).toHaveLength(2);
  });
});

describe('a Redis that lost everything', () => {
  it('is given its leases back from the ledger before anybody else is dialed', async () => {
    await stage.giveSlots(3);
    await stage.campaign(phones(8));
    await stage.turn();
    expect(dialed()).toBe(3);
    await stage.loseRedis();
    await stage.giveSlots(3);
    await stage.turn();
    expect(dialed()).toBe(3);
    expect(await stage.coordination.fleet.countSlots()).toMatchObject({ capacity: 3, held: 3 });
  });

  it('and one that is older or newer than the database are brought to one epoch', async () => {
    await stage.coordination.admission.rebuild({ epoch: 50, calls: [] });
    await stage.campaign(phones(2));
    await stage.turn();
    expect(dialed()).toBe(2);
  });

  it('lets no call be dialed that it had admitted before', async () => {
    await stage.campaign(phones(1));
    await stage.dialer.tick();
    await stage.store.prisma.fleetEpoch.update({ where: { id: 1 }, data: { epoch: { increment: 1 } } });
    await stage.conveyor.run(stage.dialer.handlers);
    expect(dialed()).toBe(0);
  });
});

describe('our numbers', () => {
  it('are shown in turn, each no more often than its caps allow', async () => {
    const numbers = ['+14155550901', '+14155550902'];
    for (const phoneE164 of numbers)
      await stage.store.prisma.callerNumber.create({ data: { tenantId, phoneE164, country: 'US', dailyCap: 3, maxConcurrent: 2 } });
    await stage.campaign(phones(10));
    await stage.turn();
    expect(stage.carrier.requests.map(({ fromE164 }) => fromE164).sort()).toEqual([...numbers, ...numbers].sort());
    for (const { id, state } of await stage.calls()) if (state === 'ringing') await stage.tell(id, { type: 'failed', result: BUSY });
    await stage.turn();
    expect(dialed()).toBe(6);
    for (const { id, state } of await stage.calls()) if (state === 'ringing') await stage.tell(id, { type: 'failed', result: BUSY });
    await stage.turn();
    expect(dialed()).toBe(6);
  });
});
