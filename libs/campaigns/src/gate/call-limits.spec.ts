import { callable, factsOf, WEDNESDAY_NOON } from '../testing/sample-facts.js';
import {
  abandonmentLimitOf,
  demandsOf,
  dutiesOf,
  ringLimitsOf,
  ringTimeoutWithin,
  strictestRing,
  tenantDailyCapOf,
} from './call-limits.js';
import { explain } from './explain.js';
import { mayDial } from './may-dial.js';
import { mayDialBucket, nextCallingTime } from './may-dial-bucket.js';
import { longestCapMs, personCapsOf } from './person-caps.js';

const { bucket } = callable;
const DAY = 24 * 3_600_000;

describe('limits that are no reason against a call', () => {
  it('an American phone rings for 15 seconds at least', () => {
    expect(ringLimitsOf(['us-federal'], bucket)).toEqual({ minMs: 15_000, maxMs: null });
    expect(ringLimitsOf(['us-federal'], { ...bucket, country: 'DE' })).toEqual({ minMs: null, maxMs: null });
  });

  it('a ring timeout is kept within the strictest of the limits, the longest that it may be above all', () => {
    const limits = strictestRing([
      { minMs: 15_000, maxMs: null },
      { minMs: 12_000, maxMs: 60_000 },
      { minMs: null, maxMs: 45_000 },
    ]);
    expect(limits).toEqual({ minMs: 15_000, maxMs: 45_000 });
    expect([5_000, 30_000, 90_000].map((ms) => ringTimeoutWithin(limits, ms))).toEqual([15_000, 30_000, 45_000]);
    expect(ringTimeoutWithin({ minMs: 20_000, maxMs: 10_000 }, 15_000)).toBe(10_000);
    expect(ringTimeoutWithin({ minMs: null, maxMs: null }, 5_000)).toBe(5_000);
    expect(ringLimitsOf(['none', 'uk'], null)).toEqual({ minMs: 15_000, maxMs: null });
  });

  it('the strictest abandonment rule is the smaller share, or the shorter time', () => {
    expect(abandonmentLimitOf(['us-federal', 'uk'])).toMatchObject({
      id: 'uk/abandonment',
      maxShare: 0.03,
      withinMs: DAY,
      connectWithinMs: 2_000,
    });
    expect(abandonmentLimitOf(['none'])).toBeNull();
  });

  it('a tenant makes at most 200 calls a day under the rules for China', () => {
    expect(tenantDailyCapOf(['us-federal', 'cn'])).toBe(200);
    expect(tenantDailyCapOf(['us-federal'])).toBeNull();
  });

  it('a Californian is told of the artificial voice, a German too', () => {
    const what = (policy: string, changes: object) =>
      mayDial(factsOf({ policies: [policy], bucket: { ...bucket, ...changes } })).disclosures;
    expect(what('us-strict-states', { regions: ['CA'] })).toEqual(['identity', 'opt_out', 'ai']);
    expect(what('us-strict-states', { regions: ['NY'] })).toEqual(['identity', 'opt_out']);
    expect(what('de', { country: 'DE' })).toEqual(['ai', 'recording']);
  });

  it('what a campaign must have said is told apart from what is left to the operator: nobody else says that a call is recorded', () => {
    const demands = demandsOf(['us-federal', 'eu']);
    const said = demands.filter(({ saidByAgent }) => saidByAgent).map(({ rule }) => rule);
    expect(said).toEqual(['us-federal/identify', 'us-federal/opt-out', 'eu/ai-voice']);
    expect(demands.filter(({ saidByAgent }) => !saidByAgent).map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['eu/recording', 'us-federal/registry']),
    );
  });

  it('what is left to the operator is told once', () => {
    expect(dutiesOf(['us-debt', 'us-federal']).filter(({ id }) => id === 'us-federal/registry')).toHaveLength(1);
  });
});

describe('caps as the claim needs them', () => {
  it('one for each rule, with what counts and since when', () => {
    expect(personCapsOf(['us-debt'], bucket, WEDNESDAY_NOON)).toMatchObject([
      {
        rule: 'us-debt/cap',
        code: 'person_cap',
        limit: 7,
        counts: 'attempts',
        kind: 'rolling',
        lengthMs: 7 * DAY,
        since: new Date('2026-02-25T19:00:00Z'),
      },
      { rule: 'us-debt/cooldown', code: 'cooldown', limit: 1, counts: 'conversations', kind: 'rolling', lengthMs: 7 * DAY },
    ]);
  });

  it("the campaign's own a day: one for each zone in which the day began at another instant", () => {
    const inTwoZones = { ...bucket, timeZones: ['America/New_York', 'America/Chicago'] };
    expect(personCapsOf([], inTwoZones, WEDNESDAY_NOON, { max_per_day: 2, max_per_week: null })).toMatchObject([
      { kind: 'calendar', limit: 2, since: new Date('2026-03-04T04:59:59.999Z'), until: new Date('2026-03-05T05:00:00Z') },
      { kind: 'calendar', limit: 2, since: new Date('2026-03-04T05:59:59.999Z'), until: new Date('2026-03-05T06:00:00Z') },
    ]);
  });

  it('a history of 30 days is enough for France', () => {
    expect(longestCapMs(['fr'], { ...bucket, country: 'FR' })).toBe(30 * DAY);
  });
});

describe('the verdict on a bucket', () => {
  it('holds until the window closes', () => {
    expect(mayDialBucket(callable)).toMatchObject({ allowed: true, changesAt: new Date('2026-03-05T02:00:00Z') });
  });

  it('holds for good where nothing has hours', () => {
    expect(mayDialBucket(factsOf({ policies: ['none'] }))).toMatchObject({ allowed: true, changesAt: null });
  });

  it('can be planned with while the campaign is paused', () => {
    const paused = factsOf({ campaignRules: { status: 'paused' } });
    expect(nextCallingTime(paused, WEDNESDAY_NOON)).toEqual(WEDNESDAY_NOON);
    expect(nextCallingTime(paused, new Date('2026-03-05T03:00:00Z'))).toEqual(new Date('2026-03-05T13:00:00Z'));
  });
});

describe('in plain words', () => {
  it('a call that may be made says what was checked', () => {
    expect(explain(mayDial(callable))).toEqual(['May be called now (checked: us-federal of 2026-11-21).']);
  });

  it('one that may not says why, until when, and when it may', () => {
    expect(explain(mayDial({ ...callable, now: new Date('2026-03-05T03:00:00Z') }))).toEqual([
      'May not be called now (checked: us-federal of 2026-11-21).',
      'us-federal/hours: calls only mon–sun 08:00–21:00 where the contact is: until 2026-03-05 13:00 UTC.',
      'It may be called from 2026-03-05 13:00 UTC on.',
    ]);
  });

  it('one that never may says so', () => {
    expect(explain(mayDial({ ...callable, blacklisted: { scope: 'tenant', until: null } }))).toEqual([
      'May not be called now (checked: us-federal of 2026-11-21).',
      'On the blacklist (tenant).',
      'It will not be called unless something is changed.',
    ]);
  });
});
