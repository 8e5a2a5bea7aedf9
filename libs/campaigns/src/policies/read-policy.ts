import { CONSENTS, DISCLOSURES, DISPOSITIONS, WEEKDAYS, type DialingWindow } from '@carillon/contracts';
import { isZone } from '../calendar/zone-offsets.js';
import { JsonReader } from './json-reader.js';
import type { CountedCalls, PolicyDocument, PolicyRule, PolicySource } from './policy.js';

const NAME = /^[a-z][a-z0-9-]*$/;
const COUNTRY = /^([A-Z]{2}|\*)$/;
const REGION = /^[A-Z0-9]{1,3}$/;
const MINUTE_MS = 60_000;
const UNITS = { minutes: MINUTE_MS, hours: 60 * MINUTE_MS, days: 24 * 60 * MINUTE_MS } as const;

/** A policy from its JSON (docs/compliance.md says how one is written). Errors: RangeError that names the spot. */
export function readPolicy(json: unknown): PolicyDocument {
  const name = new JsonReader(json, 'policy').at('name').text(NAME, 'a name such as us-federal');
  const policy = new JsonReader(json, name).only('name', 'version', 'title', 'extends', 'countries', 'reviewBy', 'sources', 'rules');
  const rules = policy
    .at('rules')
    .list()
    .map((rule) => readRule(rule, name, policy.at('sources')));
  const twice = rules.find(({ id }, index) => rules.findIndex((other) => other.id === id) !== index);
  if (twice) policy.at('rules').fail(`without a second "${twice.id}"`);
  return {
    name,
    version: policy.at('version').date(),
    title: policy.at('title').text(),
    extends: policy.at('extends').orNull((parent) => parent.text(NAME)),
    countries: texts(policy.at('countries'), COUNTRY),
    reviewBy: policy.at('reviewBy').date(),
    rules,
  };
}

type Body<Rule> = Rule extends PolicyRule ? Omit<Rule, 'id' | 'regions' | 'source'> : never;

/** What each kind of rule has of its own. */
const BODIES: { [Kind in PolicyRule['kind']]: { keys: string[]; read: (rule: JsonReader) => Body<Extract<PolicyRule, { kind: Kind }>> } } =
  {
    hours: {
      keys: ['windows', 'zone'],
      read: (rule) => ({ kind: 'hours', windows: rule.at('windows').list().map(readWindow), zone: rule.at('zone').orNull(readZone) }),
    },
    holidays: { keys: [], read: () => ({ kind: 'holidays' }) },
    cap: {
      keys: ['limit', 'within'],
      read: (rule) => ({ kind: 'cap', limit: rule.at('limit').count(), withinMs: readSpan(rule.at('within')) }),
    },
    cooldown: {
      keys: ['after', 'for'],
      read: (rule) => ({ kind: 'cooldown', after: readAfter(rule.at('after')), forMs: readSpan(rule.at('for')) }),
    },
    consent: {
      keys: ['accepts', 'purpose'],
      read: (rule) => ({
        kind: 'consent',
        accepts: rule
          .at('accepts')
          .list()
          .map((each) => each.oneOf(CONSENTS)),
        purpose: rule.at('purpose').orNull((purpose) => purpose.oneOf(['marketing', 'service'])),
      }),
    },
    blocked_regions: { keys: ['blocked'], read: (rule) => ({ kind: 'blocked_regions', blocked: texts(rule.at('blocked'), REGION) }) },
    ring: {
      keys: ['minMs', 'maxMs'],
      read: (rule) => ({ kind: 'ring', minMs: rule.at('minMs').orNull(toCount), maxMs: rule.at('maxMs').orNull(toCount) }),
    },
    abandonment: {
      keys: ['maxShare', 'within', 'connectWithinMs'],
      read: (rule) => ({
        kind: 'abandonment',
        maxShare: rule.at('maxShare').positive(),
        withinMs: readSpan(rule.at('within')),
        connectWithinMs: rule.at('connectWithinMs').count(),
      }),
    },
    disclosure: {
      keys: ['what', 'text'],
      read: (rule) => ({
        kind: 'disclosure',
        what: rule.at('what').oneOf(DISCLOSURES),
        text: rule.at('text').text(),
      }),
    },
    tenant_daily_cap: { keys: ['limit'], read: (rule) => ({ kind: 'tenant_daily_cap', limit: rule.at('limit').count() }) },
    duty: { keys: ['text'], read: (rule) => ({ kind: 'duty', text: rule.at('text').text() }) },
  };
const KINDS = [
  'hours',
  'holidays',
  'cap',
  'cooldown',
  'consent',
  'blocked_regions',
  'ring',
  'abandonment',
  'disclosure',
  'tenant_daily_cap',
  'duty',
] as const;

function readRule(rule: JsonReader, policy: string, sources: JsonReader): PolicyRule {
  const { keys, read } = BODIES[rule.at('kind').oneOf(KINDS)];
  rule.only('id', 'kind', 'regions', 'source', 'verified', 'note', ...keys);
  return {
    ...read(rule),
    id: `${policy}/${rule.at('id').text(NAME, 'an id such as hours-ky')}`,
    regions: rule.at('regions').orNull((regions) => texts(regions, REGION)),
    source: readSource(rule, sources),
  };
}

function readSource(rule: JsonReader, sources: JsonReader): PolicySource {
  const source = sources.at(rule.at('source').text()).only('title', 'url', 'date');
  return {
    title: source.at('title').text(),
    url: source.at('url').orNull((url) => url.text(/^https:\/\//, 'an https address')),
    date: source.at('date').date(),
    verified: rule.at('verified').flag(),
    note: rule.at('note').text(/^/),
  };
}

function readWindow(window: JsonReader): DialingWindow {
  window.only('days', 'from', 'to');
  const days = window
    .at('days')
    .list()
    .map((day) => day.oneOf(WEEKDAYS));
  const from = window.at('from').text(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 08:00');
  const to = window.at('to').text(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'a time such as 21:00');
  return days.length > 0 && from < to ? { days, from, to } : window.fail('a window that opens before it closes, on at least one day');
}

function readSpan(span: JsonReader): number {
  for (const [unit, ms] of Object.entries(UNITS)) if (!span.at(unit).isMissing) return span.only(unit).at(unit).count() * ms;
  return span.fail('a length such as { "days": 7 }');
}

/** One word for a kind of calls, or a list of dispositions. */
function readAfter(after: JsonReader): CountedCalls {
  return after.isList
    ? after.list().map((each) => each.oneOf(DISPOSITIONS))
    : after.oneOf<'attempts' | 'conversations'>(['attempts', 'conversations']);
}

const readZone = (zone: JsonReader): string => (isZone(zone.text()) ? zone.text() : zone.fail('an IANA zone'));
const toCount = (value: JsonReader): number => value.count();

function texts(list: JsonReader, pattern: RegExp): string[] {
  const values = list.list().map((each) => each.text(pattern));
  return values.length > 0 ? values : list.fail('a list that is not empty');
}
