import { CAMPAIGN_STATUSES } from '@carillon/contracts';
import { callable, factsOf, runningCampaign, WEDNESDAY_NOON } from '../testing/sample-facts.js';
import type { DialFacts } from './dial-facts.js';
import { mayDial } from './may-dial.js';

const codes = (facts: DialFacts) => mayDial(facts).reasons.map(({ code }) => code);
const rules = (facts: DialFacts) => mayDial(facts).reasons.map(({ rule }) => rule);
const nextAt = (facts: DialFacts) => mayDial(facts).nextAt?.toISOString() ?? null;
const before = (ms: number) => new Date(WEDNESDAY_NOON.getTime() - ms);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const past = (at: Date, changes: object = {}) => ({
  at,
  conversation: false,
  campaignId: 'spring',
  disposition: 'no_answer' as const,
  ...changes,
});
const germany = { country: 'DE', regions: ['BE'], timeZones: ['Europe/Berlin'], consent: 'express' };
const florida = { country: 'US', regions: ['FL'], timeZones: ['America/New_York'], consent: 'express_written' };
const china = { country: 'CN', regions: ['GD'], timeZones: ['Asia/Shanghai'], consent: 'express' };

it('Somebody who agreed, at a civil hour, under no limit, may be called, and the verdict names what was checked', () => {
  expect(mayDial(callable)).toEqual({
    allowed: true,
    reasons: [],
    nextAt: null,
    until: new Date('2026-03-04T20:00:00Z'),
    disclosures: ['identity', 'opt_out'],
    policies: [{ name: 'us-federal', version: '2026-11-21' }],
  });
});

describe('a yes holds', () => {
  const until = (facts: DialFacts) => mayDial(facts).until.toISOString();
  const late = new Date('2026-03-05T01:59:58Z'); // two seconds to nine in the evening

  it('until the window closes', () => {
    expect(until(factsOf({ now: late }))).toBe('2026-03-05T02:00:00.000Z');
  });

  it('until the campaign ends', () => {
    expect(until(factsOf({ campaignRules: { endsAt: new Date('2026-03-04T19:00:01Z') } }))).toBe('2026-03-04T19:00:01.000Z');
  });

  it('until a holiday begins', () => {
    const open = { policies: ['none'], campaignRules: { holidays: ['2026-03-05'], policies: ['none'] } };
    expect(until(factsOf({ ...open, now: new Date('2026-03-05T04:30:00Z') }))).toBe('2026-03-05T05:00:00.000Z');
  });

  it('no longer than an hour, and a no for no time at all', () => {
    expect(until(factsOf({ policies: ['none'] }))).toBe('2026-03-04T20:00:00.000Z');
    expect(until(factsOf({ policies: [] }))).toBe('2026-03-04T19:00:00.000Z');
  });
});

describe('the campaign', () => {
  it.each(CAMPAIGN_STATUSES.filter((status) => status !== 'running'))('that is %s dials nobody', (status) => {
    expect(codes(factsOf({ campaignRules: { status } }))).toEqual(['campaign_not_running']);
  });

  it('that starts in an hour dials in an hour', () => {
    const startsAt = new Date('2026-03-04T20:00:00Z');
    expect(codes(factsOf({ campaignRules: { startsAt } }))).toEqual(['not_started']);
    expect(nextAt(factsOf({ campaignRules: { startsAt } }))).toBe('2026-03-04T20:00:00.000Z');
  });

  it('that is over dials nobody, and one that is over before the window opens never will', () => {
    expect(codes(factsOf({ campaignRules: { endsAt: WEDNESDAY_NOON } }))).toEqual(['ended']);
    const night = new Date('2026-03-04T11:00:00Z');
    expect(nextAt(factsOf({ now: night }))).toBe('2026-03-04T13:00:00.000Z');
    expect(nextAt(factsOf({ now: night, campaignRules: { endsAt: new Date('2026-03-04T13:00:00Z') } }))).toBeNull();
  });

  it("narrows the policy's hours by its own, and cannot widen them", () => {
    const windows = [{ days: ['wed' as const], from: '06:00', to: '12:00' }];
    expect(codes(factsOf({ campaignRules: { windows } }))).toEqual(['window_closed']);
    expect(nextAt(factsOf({ campaignRules: { windows } }))).toBe('2026-03-11T12:00:00.000Z'); // 8:00, after the clocks were put forward
  });

  it('keeps its own holidays, on the calendar of the contact', () => {
    const honolulu = { ...callable.bucket, regions: ['HI'], timeZones: ['Pacific/Honolulu'] };
    const now = new Date('2026-03-05T05:00:00Z'); // still the 4th there
    expect(codes(factsOf({ now, bucket: honolulu, campaignRules: { holidays: ['2026-03-05'] } }))).toEqual([]);
    expect(codes(factsOf({ now, bucket: honolulu, campaignRules: { holidays: ['2026-03-04'] } }))).toEqual(['holiday']);
  });

  it('stops when its budget is spent, or would be by the calls that are open', () => {
    expect(codes(factsOf({ budget: { limitMicros: 100, spentMicros: 60, openMicros: 40 } }))).toEqual([]);
    expect(codes(factsOf({ budget: { limitMicros: 100, spentMicros: 60, openMicros: 41 } }))).toEqual(['budget']);
    expect(codes(factsOf({ budget: { limitMicros: 100, spentMicros: 100, openMicros: 0 } }))).toEqual(['budget']);
  });
});

describe('the policies', () => {
  it('must cover the country: nobody in Germany is called under American rules alone', () => {
    expect(codes(factsOf({ bucket: germany }))).toEqual(['no_policy']);
  });

  it("cannot be stood in for by the tenant's: theirs only add", () => {
    expect(codes(factsOf({ bucket: germany, tenantPolicies: ['none'] }))).toEqual(['no_policy']);
    expect(codes({ ...callable, bucket: germany, campaign: null, tenantPolicies: ['none'] })).toEqual([]);
  });

  it("of the tenant hold beside the campaign's", () => {
    expect(codes(factsOf({ policies: ['none'], now: new Date('2026-03-04T08:00:00Z') }))).toEqual([]);
    expect(codes(factsOf({ policies: ['none'], tenantPolicies: ['us-federal'], now: new Date('2026-03-04T08:00:00Z') }))).toEqual([
      'window_closed',
    ]);
  });

  it('let nothing pass when one is unknown, or there is none', () => {
    expect(codes(factsOf({ policies: ['us-federal', 'nobody-wrote-this'] }))).toEqual(['no_policy']);
    expect(codes(factsOf({ policies: [] }))).toEqual(['no_policy']);
    expect(codes({ ...callable, campaign: null })).toEqual(['no_policy']);
  });

  it('cover nobody whose country is unknown, but for "none"', () => {
    const unknown = { ...callable.bucket, country: null };
    expect(codes(factsOf({ bucket: unknown }))).toEqual(['no_policy']);
    expect(codes(factsOf({ bucket: unknown, policies: ['none'] }))).toEqual([]);
  });
});

describe('the states', () => {
  it('close Florida at eight in the evening, an hour before the federal rule does', () => {
    const half8 = new Date('2026-03-05T01:30:00Z');
    expect(codes(factsOf({ now: half8, bucket: florida }))).toEqual([]);
    expect(rules(factsOf({ now: half8, bucket: florida, policies: ['us-strict-states'] }))).toEqual(['us-strict-states/hours-08-20']);
  });

  it('let Florida be called three times in 24 hours, and again when the first is a day old', () => {
    const history = [past(before(2 * HOUR)), past(before(5 * HOUR)), past(before(23 * HOUR))];
    const facts = factsOf({ bucket: florida, policies: ['us-strict-states'], history });
    expect(rules(facts)).toEqual(['us-strict-states/cap']);
    expect(nextAt(facts)).toBe('2026-03-04T20:00:00.000Z');
    expect(codes({ ...facts, history: history.slice(1) })).toEqual([]);
  });

  it('bar Sundays and holidays in Alabama, not in New York', () => {
    const alabama = { ...florida, regions: ['AL'], timeZones: ['America/Chicago'] };
    const sunday = new Date('2026-03-08T19:00:00Z');
    expect(codes(factsOf({ now: sunday, bucket: alabama, policies: ['us-strict-states'] }))).toEqual(['window_closed']);
    expect(codes(factsOf({ now: sunday, policies: ['us-strict-states'] }))).toEqual([]);
    const confederateMemorialDay = new Date('2026-04-27T19:00:00Z');
    const facts = factsOf({ now: confederateMemorialDay, bucket: alabama, policies: ['us-strict-states'] });
    expect(rules(facts)).toEqual(['us-strict-states/holidays']);
    expect(nextAt(facts)).toBe('2026-04-28T13:00:00.000Z');
  });

  it.each([[[]], [['Florida']], [['NY', 'nowhere']]])('all hold where the region is %j: unknown', (regions) => {
    const reasons = rules(
      factsOf({ now: new Date('2026-03-04T14:30:00Z'), bucket: { ...florida, regions }, policies: ['us-strict-states'] }),
    );
    expect(reasons).toEqual(['us-strict-states/hours-ky']); // 9:30, and Kentucky opens at ten
  });

  it('are recognised with the country before them', () => {
    expect(
      rules(factsOf({ now: new Date('2026-03-05T01:30:00Z'), bucket: { ...florida, regions: ['US-FL'] }, policies: ['us-strict-states'] })),
    ).toEqual(['us-strict-states/hours-08-20']);
  });
});

describe('consent', () => {
  it('in writing is what marketing needs in the United States, spoken is enough for service', () => {
    const spoken = { ...callable.bucket, consent: 'express' };
    expect(rules(factsOf({ bucket: spoken }))).toEqual(['us-federal/consent-marketing']);
    expect(codes(factsOf({ bucket: spoken, campaignRules: { purpose: 'service' } }))).toEqual([]);
  });

  it('is needed from everybody for an AI voice', () => {
    expect(rules(factsOf({ bucket: { ...callable.bucket, consent: null }, campaignRules: { purpose: 'service' } }))).toEqual([
      'us-federal/consent-ai-voice',
    ]);
  });

  it("is the campaign's word only for contacts that bring none of their own", () => {
    const consent = 'express_written' as const;
    expect(codes(factsOf({ bucket: { ...callable.bucket, consent: null }, campaignRules: { consent } }))).toEqual([]);
    expect(codes(factsOf({ bucket: { ...callable.bucket, consent: 'no' }, campaignRules: { consent } }))).toContain('consent_missing');
  });
});

describe('debts', () => {
  it('allow seven calls in seven days', () => {
    const history = Array.from({ length: 7 }, (_, day) => past(before(day * DAY + HOUR)));
    const facts = factsOf({ policies: ['us-debt'], history });
    expect(rules(facts)).toEqual(['us-debt/cap']);
    expect(nextAt(facts)).toBe('2026-03-05T18:00:00.000Z');
  });

  it('are let rest for seven days after a conversation, whoever else was called in vain since', () => {
    const history = [past(before(DAY)), past(before(3 * DAY), { conversation: true, disposition: 'completed' })];
    const facts = factsOf({ policies: ['us-debt'], history });
    expect(codes(facts)).toEqual(['cooldown']);
    expect(nextAt(facts)).toBe('2026-03-08T19:00:00.000Z');
  });
});

describe('elsewhere', () => {
  it('nobody in Britain is redialed for 72 hours after a silent call', () => {
    const london = { country: 'GB', regions: [], timeZones: ['Europe/London'], consent: 'express' };
    const facts = factsOf({
      policies: ['uk'],
      now: new Date('2026-03-04T15:00:00Z'),
      bucket: london,
      history: [past(new Date('2026-03-03T15:00:00Z'), { disposition: 'abandoned' })],
    });
    expect(rules(facts)).toEqual(['uk/cooldown-abandoned']);
    expect(nextAt(facts)).toBe('2026-03-06T15:00:00.000Z');
  });

  it('the French are not called at lunch, at the weekend, or on the 14th of July', () => {
    const paris = { country: 'FR', regions: [], timeZones: ['Europe/Paris'], consent: 'express' };
    const french = (now: string) => factsOf({ policies: ['fr'], now: new Date(now), bucket: paris });
    expect(rules(french('2026-07-15T11:30:00Z'))).toEqual(['fr/hours']);
    expect(nextAt(french('2026-07-15T11:30:00Z'))).toBe('2026-07-15T12:00:00.000Z');
    expect(nextAt(french('2026-07-10T18:00:00Z'))).toBe('2026-07-13T08:00:00.000Z');
    expect(rules(french('2026-07-14T09:00:00Z'))).toEqual(['fr/holidays']);
    expect(codes(french('2026-07-15T09:00:00Z'))).toEqual([]);
  });

  it('a German is not called on a holiday of the own state', () => {
    const corpusChristi = new Date('2026-06-04T10:00:00Z');
    expect(codes(factsOf({ policies: ['de'], now: corpusChristi, bucket: germany }))).toEqual([]);
    expect(codes(factsOf({ policies: ['de'], now: corpusChristi, bucket: { ...germany, regions: ['BY'] } }))).toEqual(['holiday']);
  });

  it('China goes by Beijing time, five calls a day and three in five minutes', () => {
    const now = new Date('2026-03-04T02:00:00Z');
    const facts = factsOf({ policies: ['cn'], now, bucket: { ...china, timeZones: [] } });
    expect(codes(facts)).toEqual([]);
    const calls = (...minutes: number[]) => minutes.map((minute) => past(new Date(now.getTime() - minute * 60_000)));
    expect(rules({ ...facts, history: calls(1, 2, 4) })).toEqual(['cn/cap-burst']);
    expect(rules({ ...facts, history: calls(10, 20, 30, 40, 50) })).toEqual(['cn/cap-day']);
    expect(rules({ ...facts, now: new Date('2026-03-04T13:00:00Z') })).toEqual(['cn/hours']);
  });

  it('nobody in Xinjiang or Tibet is called, nor a number of which the province is unknown', () => {
    const now = new Date('2026-03-04T02:00:00Z');
    for (const regions of [['XJ'], ['CN-XZ'], ['65'], ['GD', 'XJ'], []])
      expect(codes(factsOf({ policies: ['cn'], now, bucket: { ...china, regions } }))).toEqual(['region_blocked']);
  });

  it('a tenant makes no more than 200 calls a day to China, even if its own limit is higher', () => {
    const counts = { ...callable.counts, tenant: { used: 200, limit: 1_000 } };
    const facts = factsOf({ policies: ['cn'], now: new Date('2026-03-04T02:00:00Z'), bucket: china, counts });
    expect(mayDial(facts).reasons).toMatchObject([{ code: 'tenant_cap', rule: 'cn/tenant-day', until: counts.endsAt }]);
  });
});

describe('the person', () => {
  it.each(['global', 'tenant', 'campaign'] as const)('on the blacklist (%s) is never called', (blacklisted) => {
    expect(mayDial({ ...callable, blacklisted: { scope: blacklisted, until: null } })).toMatchObject({
      allowed: false,
      nextAt: null,
      reasons: [{ code: 'blacklisted', until: null }],
    });
  });

  it('on the blacklist until Friday is called when the phones are open after that', () => {
    const until = new Date('2026-03-06T05:00:00Z'); // midnight in New York
    const facts = { ...callable, blacklisted: { scope: 'tenant' as const, until } };
    expect(mayDial(facts).reasons).toMatchObject([{ code: 'blacklisted', until }]);
    expect(nextAt(facts)).toBe('2026-03-06T13:00:00.000Z');
  });

  it('who is on the phone with us is not called a second time', () => {
    expect(codes({ ...callable, inCall: true })).toEqual(['already_in_call']);
  });

  it('is called as often a day as the campaign says, on the own calendar', () => {
    const facts = factsOf({
      campaignRules: { perPerson: { max_per_day: 1, max_per_week: null } },
      history: [past(new Date('2026-03-04T13:30:00Z'))],
    });
    expect(codes(facts)).toEqual(['person_cap']);
    expect(nextAt(facts)).toBe('2026-03-05T13:00:00.000Z'); // a new day at midnight, and open at eight
    expect(codes({ ...facts, history: [past(new Date('2026-03-04T04:59:00Z'))] })).toEqual([]); // yesterday in New York
  });

  it('of an unknown zone is not called again before the day is over wherever it may be', () => {
    const bucket = { ...callable.bucket, timeZones: [] };
    const perPerson = { max_per_day: 1, max_per_week: null };
    expect(
      codes(factsOf({ policies: ['none'], bucket, campaignRules: { perPerson, policies: ['none'] }, history: [past(before(24 * HOUR))] })),
    ).toEqual(['person_cap']);
  });

  it('is called as often a week as the campaign says', () => {
    const facts = factsOf({
      campaignRules: { perPerson: { max_per_day: null, max_per_week: 2 } },
      history: [past(before(DAY)), past(before(6 * DAY))],
    });
    expect(codes(facts)).toEqual(['person_cap']);
    expect(nextAt(facts)).toBe('2026-03-05T19:00:00.000Z');
  });
});

it.each(['campaign', 'tenant', 'number', 'account'] as const)(
  'The calls of the day of the %s are counted, and counted anew the next day',
  (scope) => {
    const counts = { ...callable.counts, [scope]: { used: 5, limit: 5 } };
    expect(mayDial({ ...callable, counts }).reasons).toMatchObject([{ code: `${scope}_cap`, until: counts.endsAt }]);
    expect(codes({ ...callable, counts, now: counts.endsAt })).toEqual([]);
    expect(codes({ ...callable, counts: { ...counts, [scope]: { used: NaN, limit: 5 } } })).toEqual([`${scope}_cap`]);
  },
);

it('Every reason is told at once, and the next time is when the last of them has ended and the phones are open', () => {
  const facts = factsOf({
    now: new Date('2026-03-04T11:00:00Z'),
    counts: { ...callable.counts, tenant: { used: 9, limit: 9 }, endsAt: new Date('2026-03-05T03:00:00Z') },
    campaignRules: { ...runningCampaign, startsAt: new Date('2026-03-04T12:00:00Z') },
  });
  expect(codes(facts)).toEqual(['not_started', 'window_closed', 'tenant_cap']);
  expect(nextAt(facts)).toBe('2026-03-05T13:00:00.000Z'); // the cap ends in the night, and the night at eight
});
