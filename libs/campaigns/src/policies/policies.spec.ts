import { readFileSync } from 'node:fs';
import { POLICIES, WEEKDAYS } from '@carillon/contracts';
import { policyDocuments, rulesOf } from './policies.js';
import { readPolicy } from './read-policy.js';
import usFederal from './us-federal.json' with { type: 'json' };

const documents = [...policyDocuments.values()];
const allRules = documents.flatMap(({ rules }) => rules);
const manual = readFileSync(new URL('../../../../docs/compliance.md', import.meta.url), 'utf8');

it('Every policy that can be named is there, and no other', () => {
  expect(documents.map(({ name }) => name).sort()).toEqual([...POLICIES].sort());
});

it('The policy "none" covers everybody and checks no law', () => {
  expect(policyDocuments.get('none')).toMatchObject({ countries: ['*'], rules: [] });
});

it('No two rules have the same id', () => {
  const ids = allRules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

it('A policy that extends another has its rules too', () => {
  const rules = rulesOf('us-strict-states').map(({ id }) => id);
  expect(rules).toContain('us-federal/hours');
  expect(rules).toContain('us-strict-states/cap');
  expect(rulesOf('nobody-wrote-this')).toEqual([]);
});

it('The sources of a policy are read again after its version', () => {
  for (const { reviewBy, version } of documents) expect(reviewBy > version).toBe(true);
});

describe.each(allRules.map((rule) => [rule.id, rule] as const))('the rule %s', (id, rule) => {
  it('has a source with a date, not later than its policy, and says whether it was checked', () => {
    const policy = policyDocuments.get(id.split('/')[0] ?? '');
    expect(rule.source.title).not.toBe('');
    expect(rule.source.date <= (policy?.version ?? '')).toBe(true);
    expect(typeof rule.source.verified).toBe('boolean');
  });

  it('is in the manual, with its mark', () => {
    const line = manual.split('\n').find((each) => each.includes(`\`${id}\``)) ?? `${id} is missing`;
    expect(line).toContain(rule.source.verified ? '✓' : '?');
  });
});

it('The hours of a policy for a whole country name each day at most once per part of the day', () => {
  for (const rule of allRules)
    if (rule.kind === 'hours')
      for (const day of WEEKDAYS) {
        const ofDay = rule.windows.filter(({ days }) => days.includes(day)).sort((a, b) => a.from.localeCompare(b.from));
        ofDay.slice(1).forEach(({ from }, index) => expect(from >= (ofDay[index]?.to ?? '')).toBe(true));
      }
});

describe('a policy that was written wrong', () => {
  const [hours] = usFederal.rules;
  const withRule = (changes: object) => ({ ...usFederal, rules: [{ ...hours, ...changes }] });
  it.each([
    ['a rule without a source', withRule({ source: undefined }), 'us-federal.rules[0].source: must be a text that is not empty'],
    [
      'a rule that does not say whether it was checked',
      withRule({ verified: undefined }),
      'us-federal.rules[0].verified: must be true or false',
    ],
    ['a mistyped key', withRule({ region: ['FL'] }), 'us-federal.rules[0]: must be without "region"'],
    ['an unknown kind', withRule({ kind: 'hour' }), 'us-federal.rules[0].kind: must be one of hours, '],
    [
      'a window that closes before it opens',
      withRule({ windows: [{ days: ['mon'], from: '21:00', to: '08:00' }] }),
      'us-federal.rules[0].windows[0]: must be a window that opens before it closes',
    ],
    ['a zone that does not exist', withRule({ zone: 'Mars/Base' }), 'us-federal.rules[0].zone: must be an IANA zone'],
    [
      'a cap without a number',
      withRule({ kind: 'cap', windows: undefined, limit: '3', within: { days: 1 } }),
      'rules[0]: must be without "windows"',
    ],
    ['a day that is in no calendar', { ...usFederal, reviewBy: '2027-02-30' }, 'us-federal.reviewBy: must be a day of the calendar'],
    ['the same rule twice', { ...usFederal, rules: [hours, hours] }, 'us-federal.rules: must be without a second "us-federal/hours"'],
  ])('is refused with the spot: %s', (_, json, message) => {
    expect(() => readPolicy(json)).toThrow(message);
  });
});
