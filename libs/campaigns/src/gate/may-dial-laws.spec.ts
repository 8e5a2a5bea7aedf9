import { BLACKLIST_SCOPES, DISPOSITIONS, POLICIES, WEEKDAYS, type DialingWindow, type PolicyName } from '@carillon/contracts';
import fc from 'fast-check';
import { policyDocuments } from '../policies/policies.js';
import type { PolicyRule } from '../policies/policy.js';
import { runningCampaign } from '../testing/sample-facts.js';
import { isInWindows } from '../testing/wall-clock.js';
import type { DialFacts, PastCall } from './dial-facts.js';
import { mayDial } from './may-dial.js';
import { mayDialBucket } from './may-dial-bucket.js';
import type { Verdict } from './verdict.js';

const HOUR = 3_600_000;
const minuteOf2026 = fc.integer({ min: 0, max: 365 * 1440 - 1 }).map((minute) => new Date(Date.UTC(2026, 0, 1) + minute * 60_000));

interface Place {
  country: string;
  regions: string[];
  timeZones: string[];
  /** Those that cover it. */
  policies: PolicyName[];
}

const placeIn = (country: string, regions: string[], timeZones: string[], ...policies: PolicyName[]): fc.Arbitrary<Place> =>
  fc.record({
    country: fc.constant(country),
    regions: fc.subarray(regions),
    timeZones: fc.subarray(timeZones, { minLength: 1 }),
    policies: fc.subarray(policies, { minLength: 1 }),
  });
const american = ['America/New_York', 'America/Chicago', 'America/Phoenix', 'America/Los_Angeles'];
const place = fc.oneof(
  { arbitrary: placeIn('US', ['FL', 'AL', 'KY', 'NY', 'TX'], american, 'us-federal', 'us-strict-states', 'us-debt'), weight: 4 },
  placeIn('DE', ['BY', 'BE'], ['Europe/Berlin'], 'de'),
  placeIn('FR', [], ['Europe/Paris'], 'fr'),
  placeIn('ES', [], ['Europe/Madrid', 'Atlantic/Canary'], 'eu'),
  placeIn('GB', [], ['Europe/London'], 'uk'),
  placeIn('CN', ['GD', 'XJ'], ['Asia/Shanghai'], 'cn'),
  placeIn('IN', [], ['Asia/Kolkata'], 'in'),
);
const window = fc
  .tuple(fc.subarray([...WEEKDAYS], { minLength: 4 }), fc.integer({ min: 6, max: 11 }), fc.integer({ min: 14, max: 23 }))
  .map(([days, from, to]): DialingWindow => ({ days, from: `${String(from).padStart(2, '0')}:00`, to: `${to}:30` }));
const limit = fc.option(fc.integer({ min: 1, max: 6 }), { freq: 1 });

const facts = fc
  .record({
    now: minuteOf2026,
    place,
    consent: fc.constantFrom('express_written', 'express_written', 'express_written', 'express', null),
    others: fc.oneof({ arbitrary: fc.constant([]), weight: 4 }, fc.subarray([...POLICIES], { maxLength: 2 })),
    windows: fc.option(fc.array(window, { minLength: 1, maxLength: 2 }), { freq: 1 }),
    perPerson: fc.record({ max_per_day: limit, max_per_week: limit }),
    calls: fc.array(
      fc.record({
        hoursAgo: fc.integer({ min: 0, max: 24 * 31 }),
        conversation: fc.boolean(),
        disposition: fc.constantFrom(...DISPOSITIONS, null),
      }),
      { maxLength: 4 },
    ),
    counts: fc.record({ used: fc.nat(6), limit: fc.option(fc.integer({ min: 4, max: 9 })), hours: fc.integer({ min: 1, max: 24 }) }),
    startsInHours: fc.option(fc.integer({ min: -10, max: 60 }), { freq: 1 }),
  })
  .map((drawn): DialFacts => {
    const { now } = drawn;
    const history = drawn.calls.map(({ hoursAgo, ...call }): PastCall => ({
      ...call,
      at: new Date(now.getTime() - hoursAgo * HOUR),
      campaignId: 'spring',
    }));
    const unlimited = { used: 0, limit: null };
    return {
      ...{ now, history, tenantPolicies: [], blacklisted: null, inCall: false, budget: null },
      campaign: {
        ...runningCampaign,
        policies: [...drawn.place.policies, ...drawn.others],
        ...{ windows: drawn.windows, perPerson: drawn.perPerson },
        startsAt: drawn.startsInHours === null ? null : new Date(now.getTime() + drawn.startsInHours * HOUR),
      },
      bucket: { country: drawn.place.country, regions: drawn.place.regions, timeZones: drawn.place.timeZones, consent: drawn.consent },
      counts: {
        endsAt: new Date(now.getTime() + drawn.counts.hours * HOUR),
        ...{ campaign: drawn.counts, tenant: unlimited, number: unlimited, account: unlimited },
      },
    };
  });

const withPolicies = (given: DialFacts, policies: readonly string[]): DialFacts => ({
  ...given,
  campaign: given.campaign && { ...given.campaign, policies },
});
const policiesOf = ({ campaign }: DialFacts) => campaign?.policies ?? [];
const outline = ({ allowed, reasons }: Verdict) => ({ allowed, reasons: reasons.map(({ code, rule }) => `${code} ${rule}`) });

/** What holds for the contact, worked out again from the documents alone. */
function rulesFor(given: DialFacts): PolicyRule[] {
  const { country, regions } = given.bucket;
  const named = policiesOf(given).flatMap((name) => policyDocuments.get(name) ?? []);
  const covering = named.filter(({ countries }) => countries.some((each) => each === '*' || each === country));
  const family = covering.flatMap((policy) => [policy, ...(policy.extends === null ? [] : [policyDocuments.get(policy.extends)])]);
  const rules = family.flatMap((policy) => policy?.rules ?? []);
  return rules.filter((rule) => rule.regions === null || regions.length === 0 || rule.regions.some((region) => regions.includes(region)));
}

describe('whatever the facts', () => {
  it('nobody is called outside a window of any rule in any zone they may be in, by a clock of its own', () => {
    let called = 0;
    fc.assert(
      fc.property(facts, (given) => {
        if (!mayDial(given).allowed) return;
        called++;
        const { timeZones } = given.bucket;
        for (const rule of rulesFor(given))
          if (rule.kind === 'hours')
            for (const zone of rule.zone === null ? timeZones : [rule.zone])
              expect(isInWindows(rule.windows, zone, given.now.getTime())).toBe(true);
        if (given.campaign?.windows)
          for (const zone of timeZones) expect(isInWindows(given.campaign.windows, zone, given.now.getTime())).toBe(true);
      }),
      { numRuns: 1_500 },
    );
    expect(called).toBeGreaterThan(200); // the law is not empty
  });

  it('nobody is called more often than a rule allows, by a count of its own', () => {
    fc.assert(
      fc.property(facts, (given) => {
        if (!mayDial(given).allowed) return;
        const within = (ms: number) => given.history.filter(({ at }) => given.now.getTime() - at.getTime() < ms);
        for (const rule of rulesFor(given)) {
          if (rule.kind === 'cap') expect(within(rule.withinMs).length).toBeLessThan(rule.limit);
          if (rule.kind !== 'cooldown') continue;
          const { after } = rule;
          const counted = within(rule.forMs).filter(({ conversation, disposition }) =>
            typeof after === 'string' ? after === 'attempts' || conversation : disposition !== null && after.includes(disposition),
          );
          expect(counted).toEqual([]);
        }
      }),
      { numRuns: 1_500 },
    );
  });

  it('one more policy never allows what was not allowed, where the others cover the country', () => {
    fc.assert(
      fc.property(facts, fc.constantFrom(...POLICIES), (given, added) => {
        const before = mayDial(given);
        if (before.reasons.some(({ code }) => code === 'no_policy')) return;
        const after = mayDial(withPolicies(given, [...policiesOf(given), added]));
        if (!before.allowed) expect(after.allowed).toBe(false);
        expect(outline(after).reasons).toEqual(expect.arrayContaining(outline(before).reasons));
        expect(mayDial({ ...given, tenantPolicies: [added] }).allowed).toBe(after.allowed);
      }),
      { numRuns: 1_000 },
    );
  });

  it('the next time is one at which the call is allowed, and the first', () => {
    let waits = 0;
    fc.assert(
      fc.property(facts, (given) => {
        const { nextAt, reasons } = mayDial(given);
        if (nextAt === null) return;
        waits++;
        expect(reasons.every(({ until }) => until !== null)).toBe(true);
        expect(outline(mayDial({ ...given, now: nextAt }))).toEqual({ allowed: true, reasons: [] });
        expect(mayDial({ ...given, now: new Date(nextAt.getTime() - 1) }).allowed).toBe(false);
      }),
      { numRuns: 1_500 },
    );
    expect(waits).toBeGreaterThan(100);
  });

  it('a yes holds until the instant that it names, and there something closes, unless that is an hour ahead', () => {
    let closings = 0;
    fc.assert(
      fc.property(facts, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (given, share) => {
        const { allowed, until } = mayDial(given);
        if (!allowed) return;
        const heldMs = until.getTime() - given.now.getTime();
        expect(heldMs).toBeGreaterThan(0);
        for (const ms of [Math.floor(heldMs * share), heldMs - 1])
          expect(mayDial({ ...given, now: new Date(given.now.getTime() + ms) }).allowed).toBe(true);
        if (heldMs >= HOUR) return expect(heldMs).toBe(HOUR);
        closings++;
        expect(mayDial({ ...given, now: until }).allowed).toBe(false);
      }),
      { numRuns: 3_000 },
    );
    expect(closings).toBeGreaterThan(20);
  });

  it('what lacks a fact is denied', () => {
    fc.assert(
      fc.property(facts, fc.constantFrom('us-federal', 'uk', 'eu'), (given, policy) => {
        const facts = withPolicies(given, [policy]);
        const lacking: Partial<DialFacts>[] = [
          { bucket: { ...facts.bucket, country: null } },
          { bucket: { ...facts.bucket, timeZones: [] } },
          { bucket: { ...facts.bucket, consent: null } },
          { bucket: { ...facts.bucket, consent: 'perhaps' } },
          { counts: { ...facts.counts, account: { used: NaN, limit: 100 } } },
          { campaign: null, tenantPolicies: [] },
        ];
        for (const fact of lacking) expect(mayDial({ ...facts, ...fact }).allowed).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('nobody on the blacklist is called before the entry ends, and never where it does not', () => {
    fc.assert(
      fc.property(facts, fc.constantFrom(...BLACKLIST_SCOPES), fc.option(fc.integer({ min: 1, max: 400 })), (given, scope, hours) => {
        const until = hours === null ? null : new Date(given.now.getTime() + hours * HOUR);
        const { allowed, nextAt } = mayDial({ ...given, blacklisted: { scope, until } });
        expect(allowed).toBe(false);
        if (until === null) expect(nextAt).toBeNull();
        else if (nextAt) expect(nextAt.getTime()).toBeGreaterThanOrEqual(until.getTime());
      }),
      { numRuns: 500 },
    );
  });
});

describe('the part that a bucket shares', () => {
  it('denies nothing that the whole allows, and gives the same reasons', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const [whole, shared] = [mayDial(given), mayDialBucket(given)];
        if (whole.allowed) expect(shared.allowed).toBe(true);
        expect(whole.reasons).toEqual(expect.arrayContaining(shared.reasons));
      }),
      { numRuns: 1_000 },
    );
  });

  it('stays as it is until it says that it changes', () => {
    fc.assert(
      fc.property(facts, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (given, share) => {
        const verdict = mayDialBucket(given);
        const end = verdict.changesAt?.getTime() ?? given.now.getTime() + 40 * 24 * HOUR;
        expect(end).toBeGreaterThan(given.now.getTime());
        const later = given.now.getTime() + Math.floor((end - given.now.getTime()) * share);
        expect(outline(mayDialBucket({ ...given, now: new Date(later) }))).toEqual(outline(verdict));
        expect(outline(mayDialBucket({ ...given, now: new Date(end - 1) }))).toEqual(outline(verdict));
      }),
      { numRuns: 1_000 },
    );
  });
});
