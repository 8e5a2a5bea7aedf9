import { DEFAULT_CAMPAIGN_SETTINGS } from '@carillon/contracts';
import { blacklistPeople, scheduleCall, whyContact } from '@carillon/store';
import { BUSY } from './testing/carrier-results.js';
import type { DialerStage } from './testing/dialer-stage.js';
import { INITIATE } from './testing/initiate.js';
import { stageEachTest } from './testing/stage-each-test.js';

const [tenantId, phoneE164] = ['default', '+14155551000'];
const HOUR = 3_600_000;

let stage: DialerStage;
stageEachTest((opened) => {
  stage = opened;
});

const inHours = (hours: number) => new Date(stage.now.getTime() + hours * HOUR);
const blacklist = (expiresAt: Date | null, scope: 'tenant' | 'global' = 'tenant') =>
  blacklistPeople(stage.store, {
    ...{ tenantId, phones: [phoneE164], scope: { kind: scope }, reason: 'asked for a rest', source: 'api', expiresAt, now: stage.now },
  });
const retry = {
  ...DEFAULT_CAMPAIGN_SETTINGS.retry,
  spread_day_parts: false,
  rules: { busy: { attempts: 2, delays_minutes: [15] } },
};

describe('somebody who comes on the blacklist for a day while the phone rings', () => {
  it('is called again when the day is over', async () => {
    const id = await stage.campaign([phoneE164], { settings: { retry } });
    await stage.turn();
    const [call] = await stage.calls();
    const until = inHours(24);
    await blacklist(until);
    await stage.tell(call?.id ?? '', { type: 'failed', result: BUSY });
    const [contact] = await stage.contacts(id);
    expect(contact).toMatchObject({ state: 'waiting', class: 1, disposition: 'busy' });
    expect(contact?.nextAt.getTime()).toBeGreaterThanOrEqual(until.getTime());
    expect(contact?.nextAt.getTime()).toBeLessThan(until.getTime() + HOUR / 2);
    stage.advance(25 * HOUR);
    await stage.turn();
    expect(stage.carrier.ringsOf(phoneE164)).toBe(2);
  });

  it('is never called again where another entry is for good', async () => {
    const id = await stage.campaign([phoneE164], { settings: { retry } });
    await stage.turn();
    const [call] = await stage.calls();
    await blacklist(inHours(24));
    await blacklist(null, 'global');
    await stage.tell(call?.id ?? '', { type: 'failed', result: BUSY });
    expect((await stage.contacts(id))[0]).toMatchObject({ state: 'final', disposition: 'busy' });
  });
});

it('Why such a contact is not called says until when', async () => {
  const id = await stage.campaign([phoneE164]);
  const until = inHours(48);
  await blacklist(until);
  const [contact] = await stage.contacts(id);
  const why = await whyContact(stage.store, { tenantId, contactId: String(contact?.id), account: { dailyCap: null }, now: stage.now });
  expect(why?.reasons).toContainEqual(expect.objectContaining({ code: 'blacklisted', until: until.toISOString() }));
  expect(why?.next_allowed_at).toBe(until.toISOString());
});

it('A call for later to such a person waits until the entry ends', async () => {
  const [callId, until] = ['6f2f9c1e-0000-4000-8000-000000000000', inHours(5)];
  await scheduleCall(stage.store, {
    ...{ id: callId, tenantId, phoneE164, initiate: INITIATE, asked: { policies: ['none'], consent: null }, source: 'api', reason: null },
    ...{ nextAt: inHours(1), notAfter: inHours(25), blocked: null, now: stage.now },
  });
  await blacklist(until);
  stage.advance(HOUR);
  await stage.reap();
  const scheduled = () => stage.store.prisma.scheduledCall.findFirst({ where: { id: callId } });
  expect(await scheduled()).toMatchObject({ state: 'waiting', nextAt: until, blocked: 'blacklisted' });
  stage.advance(4 * HOUR);
  await stage.giveSlots(5);
  await stage.reap();
  expect(stage.carrier.ringsOf(phoneE164)).toBe(1);
});
