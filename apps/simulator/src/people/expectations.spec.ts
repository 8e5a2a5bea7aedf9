import type { ClaimField } from '@carillon/contracts';
import { expectedValue } from './expectations.js';
import { addressFact, dateAndTimeFact, dateFact, emailFact, nameFact, phoneFact } from './facts.js';
import type { Person } from './person.js';

const date = dateFact({ month: 3, day: 14 }, '2026-11-21');
const time = { value: '15:00', spoken: ['three in the afternoon'] };
const person: Person = {
  phoneE164: '+14155550142',
  temperament: 'terse',
  voice: 'rms',
  facts: {
    full_name: nameFact('Jane', 'Doe'),
    first_name: { value: 'Jane', spoken: ['jane'] },
    street_address: addressFact(412, 'Maple Street'),
    date,
    time_of_day: time,
    date_and_time: dateAndTimeFact(date, time),
    order_number: { value: '04172', spoken: ['zero four one seven two'] },
    party_size: { value: 4, spoken: ['four'] },
    email: emailFact('Jane', 'Doe', 'example.com'),
    phone_number: phoneFact('+14155550142'),
    consent: { value: true, spoken: ['yes'] },
  },
};

const fields: [ClaimField, unknown][] = [
  [{ name: 'full_name', type: 'text' }, 'Jane Doe'],
  [{ name: 'customerName', type: 'text' }, 'Jane Doe'],
  [{ name: 'first_name', type: 'text' }, 'Jane'],
  [{ name: 'who', type: 'text', description: 'Name of the person who will be there' }, 'Jane Doe'],
  [{ name: 'delivery_address', type: 'text' }, '412 Maple Street'],
  [{ name: 'delivery_date', type: 'datetime' }, '2027-03-14'],
  [{ name: 'appointment', type: 'datetime', description: 'Day of the appointment' }, '2027-03-14'],
  [{ name: 'appointment', type: 'datetime', description: 'Date and time of the appointment' }, '2027-03-14T15:00:00'],
  [{ name: 'preferred_time', type: 'text' }, '15:00'],
  [{ name: 'order_number', type: 'text', description: 'Order number, digits only' }, '04172'],
  [{ name: 'order_number', type: 'number' }, 4172],
  [{ name: 'guests', type: 'number', description: 'How many guests will come' }, 4],
  [{ name: 'contact', type: 'email' }, 'jane.doe@example.com'],
  [{ name: 'contact', type: 'phone_number' }, '+14155550142'],
  [{ name: 'neighbour_ok', type: 'boolean' }, true],
  [{ name: 'policy_number', type: 'text' }, null],
  [{ name: 'size', type: 'enum', values: ['small', 'large'] }, null],
  [{ name: 'roof_colour', type: 'text' }, null],
];

test.each(fields)('the field %j should hold %j', (field, expected) => {
  expect(expectedValue(person, field)).toBe(expected);
});
