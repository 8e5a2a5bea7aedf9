import type { ClaimField } from '@carillon/contracts';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractValue } from './model/hearing/extract-value.js';
import { expectedValue } from './people/expectations.js';
import { makeFacts } from './people/facts.js';
import type { Person } from './people/person.js';
import { sayFact } from './people/phrasing.js';
import { seededRandom } from './people/seeded-random.js';
import type { Topic } from './people/topic.js';

const fields: Record<Topic, ClaimField> = {
  full_name: { name: 'full_name', type: 'text' },
  first_name: { name: 'first_name', type: 'text' },
  last_name: { name: 'last_name', type: 'text' },
  street_address: { name: 'street_address', type: 'text' },
  city: { name: 'city', type: 'text' },
  postal_code: { name: 'zip_code', type: 'text' },
  birth_date: { name: 'birth_date', type: 'datetime' },
  date: { name: 'appointment_date', type: 'datetime' },
  time_of_day: { name: 'preferred_time', type: 'text' },
  date_and_time: { name: 'appointment', type: 'datetime', description: 'Date and time of the appointment' },
  order_number: { name: 'order_number', type: 'text' },
  customer_number: { name: 'customer_number', type: 'number' },
  policy_number: { name: 'policy_number', type: 'text' },
  reference_number: { name: 'reference_number', type: 'text' },
  party_size: { name: 'party_size', type: 'number' },
  phone_number: { name: 'phone', type: 'phone_number' },
  email: { name: 'email', type: 'email' },
  consent: { name: 'agrees', type: 'boolean' },
};

const today = '2026-11-21';

function somebody(seed: number): Person {
  const random = seededRandom(`somebody ${seed}`);
  const phoneE164 = `+1${random.between(201, 989)}555${String(random.between(0, 9_999)).padStart(4, '0')}`;
  return { phoneE164, temperament: 'chatty', voice: 'rms', facts: makeFacts(random, phoneE164, today) };
}

test.each(Object.entries(fields) as [Topic, ClaimField][])('whatever anybody says of their %s is understood as it is', (topic, field) => {
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom('chatty' as const, 'terse' as const), (seed, manner) => {
      const person = somebody(seed);
      const fact = person.facts[topic];
      const said = fact ? sayFact(topic, fact, manner, seededRandom(`saying ${seed}`)) : '';
      expect([said, extractValue(said, field, today)]).toEqual([said, expectedValue(person, field)]);
    }),
    { numRuns: 300 },
  );
});

test('the model service knows nothing of the people', () => {
  const folder = join(__dirname, 'model');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
  );
  expect(sources.length).toBeGreaterThan(10);
  for (const file of sources) expect([file, /from '.*people/.test(readFileSync(join(folder, file), 'utf8'))]).toEqual([file, false]);
});
