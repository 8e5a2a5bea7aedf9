import { campaignRequestSchema } from '@carillon/contracts';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { pino } from 'pino';
import { expectedValue } from './expectations.js';
import { PeopleNetwork } from './people-network.js';
import { readPeopleFile } from './people-file.js';
import { isTalkative, type Temperament, TEMPERAMENTS } from './person.js';
import { type PersonEntry, Population } from './population.js';

const neverAsked = (): never => {
  throw new Error('nobody speaks here');
};

const ROOT = join(__dirname, '../../../..');

const population = (entries: PersonEntry[] = [], seed = 'one') => new Population({ entries, seed, today: () => '2026-11-21' });

const demoPeople = () => readPeopleFile(join(ROOT, 'apps/simulator/people.json'));

test('the same seed gives the same people, another seed others', () => {
  const phones = Array.from({ length: 50 }, (_, index) => `+1212555${1_000 + index}`);
  const of = (seed: string) => phones.map((phone) => population([], seed).personAt(phone));
  expect(of('one')).toEqual(of('one'));
  expect(of('one')).not.toEqual(of('two'));
});

test('of those made up from their numbers about two in three talk, and every temperament occurs', () => {
  const people = Array.from({ length: 2_000 }, (_, index) => population().personAt(`+1303555${1_000 + index}`));
  const talkative = people.filter(({ temperament }) => isTalkative(temperament)).length;
  expect(talkative / people.length).toBeGreaterThan(0.6);
  expect(talkative / people.length).toBeLessThan(0.72);
  expect(new Set(people.map(({ temperament }) => temperament)).size).toBe(TEMPERAMENTS.length);
});

const rings: [Temperament, string][] = [
  ['busy', 'busy'],
  ['no-answer', 'no-answer'],
  ['declines', 'decline'],
  ['invalid', 'invalid'],
  ['chatty', 'answer'],
  ['voicemail', 'answer'],
  ['silent', 'answer'],
];

test.each(rings)('the phone of somebody %s: %s', (temperament, kind) => {
  const phone = '+14155550142';
  const network = new PeopleNetwork({
    population: population([{ phone, temperament, voice: 'rms' }]),
    engines: { openRecogniser: neverAsked, synthesise: neverAsked },
    seed: 'one',
    log: pino({ level: 'silent' }),
  });
  const callee = network.lookUp(phone, { callerE164: '+14155550100', callId: 'a' });
  expect(callee.ring().kind).toBe(kind);
  expect(callee.personId).toBe(phone);
});

test('to an agent at work people are put through; to somebody of the file only if that one answers', () => {
  const busy = '+14155550142';
  const network = new PeopleNetwork({
    population: population([{ phone: busy, temperament: 'busy', voice: 'rms' }]),
    engines: { openRecogniser: neverAsked, synthesise: neverAsked },
    seed: 'one',
    log: pino({ level: 'silent' }),
  });
  expect(network.agentAt(busy).ring()).toEqual({ kind: 'busy' });
  expect(network.agentAt('+14155550199').ring()).toMatchObject({ kind: 'answer' });
});

test('who lacks a topic has no fact on it', () => {
  const phone = '+14155550142';
  const person = population([{ phone, temperament: 'terse', voice: 'rms', lacks: ['email'] }]).personAt(phone);
  expect(person.facts.email).toBeUndefined();
  expect(person.facts.full_name).toBeDefined();
});

test("the demo's contacts are valid numbers of listed people: every temperament, ten who talk, thirty fields to collect", async () => {
  const entries = await demoPeople();
  const csv = Papa.parse<{ phone: string }>(readFileSync(join(ROOT, 'examples/contacts.csv'), 'utf8'), {
    header: true,
    skipEmptyLines: true,
  });
  const campaign = campaignRequestSchema.parse(JSON.parse(readFileSync(join(ROOT, 'examples/campaign.json'), 'utf8')));
  const phones = csv.data.map(({ phone }) => parsePhoneNumberFromString(phone, 'US'));
  expect(phones.every((phone) => phone?.isValid())).toBe(true);
  expect(phones.map((phone) => phone?.number)).toEqual(entries.map(({ phone }) => phone));
  expect(new Set(entries.map(({ temperament }) => temperament)).size).toBe(TEMPERAMENTS.length);
  const talkative = population(entries)
    .listed()
    .filter(({ temperament }) => isTalkative(temperament));
  expect(talkative.length).toBeGreaterThanOrEqual(10);
  const expected = talkative.flatMap((person) => campaign.initiate.claim.map((field) => expectedValue(person, field)));
  expect(expected).not.toContain(null);
  expect(expected.length).toBeGreaterThanOrEqual(30);
});

test('the campaign file tells nothing that its people know', async () => {
  const files = ['examples/contacts.csv', 'examples/campaign.json'].map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n');
  for (const { facts } of population(await demoPeople(), 'carillon').listed()) {
    for (const topic of ['full_name', 'street_address', 'order_number', 'date'] as const)
      expect(files).not.toContain(String(facts[topic]?.value));
  }
});
