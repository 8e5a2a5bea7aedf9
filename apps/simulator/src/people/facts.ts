import { cardinalWords, digitWords, MONTH_WORDS, ordinalWords, TEEN_WORDS } from '../english/number-words.js';
import { CITIES, DAYS_OF_YEAR, EMAIL_DOMAINS, FIRST_NAMES, LAST_NAMES, STREETS } from './pools.js';
import type { SeededRandom } from './seeded-random.js';
import type { Topic } from './topic.js';

/** One thing a person knows of themselves: the truth, and how it is said aloud (lower-case words, no digits). */
export interface Fact {
  /** Names and addresses in title case, dates as `YYYY-MM-DD`, times as `HH:MM`, both as `YYYY-MM-DDTHH:MM:00`, phone numbers in E.164. */
  value: string | number | boolean;
  spoken: readonly string[];
}

export type Facts = Readonly<Partial<Record<Topic, Fact>>>;

/** Makes one fact on a topic. `today` is a day as `YYYY-MM-DD`: a date without a year means the next such day, today included. */
export type FactMaker = (random: SeededRandom, today: string) => Fact;

/** Topics on which facts stand alone. The others (name parts, email, date and time, phone) follow from these or from the number. */
export const FACT_MAKERS = {
  full_name: (random) => nameFact(random.pick(FIRST_NAMES), random.pick(LAST_NAMES)),
  street_address: (random) =>
    addressFact(random.chance(0.2) ? random.between(2, 12) : Number(randomDigits(random, 3)), random.pick(STREETS)),
  city: (random) => plainFact(random.pick(CITIES)),
  postal_code: (random) => digitsFact(random, 5),
  birth_date: (random) => birthDateFact(random.pick(DAYS_OF_YEAR), random.between(1945, 2004)),
  date: (random, today) => dateFact(random.pick(DAYS_OF_YEAR), today),
  time_of_day: (random) => timeFact(random.between(8, 18), random.chance(0.4) ? 30 : 0),
  order_number: (random) => digitsFact(random, 5),
  customer_number: (random) => digitsFact(random, 6),
  policy_number: (random) => digitsFact(random, 6),
  reference_number: (random) => digitsFact(random, 4),
  party_size: (random) => partyFact(random.between(2, 12)),
  consent: (random) => consentFact(random.chance(0.7)),
} satisfies Partial<Record<Topic, FactMaker>>;

export type OwnTopic = keyof typeof FACT_MAKERS;
const OWN_TOPICS = Object.keys(FACT_MAKERS) as OwnTopic[];

export const isOwnTopic = (topic: Topic): topic is OwnTopic => topic in FACT_MAKERS;

/** Everything one person knows; `random` must be the person's own. */
export function makeFacts(random: SeededRandom, phoneE164: string, today: string): Facts {
  const own = Object.fromEntries(OWN_TOPICS.map((topic) => [topic, FACT_MAKERS[topic](random, today)])) as Record<OwnTopic, Fact>;
  const [first = '', last = ''] = String(own.full_name.value).split(' ');
  return {
    ...own,
    first_name: plainFact(first),
    last_name: plainFact(last),
    date_and_time: dateAndTimeFact(own.date, own.time_of_day),
    email: emailFact(first, last, random.pick(EMAIL_DOMAINS)),
    phone_number: phoneFact(phoneE164),
  };
}

export function nameFact(first: string, last: string): Fact {
  return plainFact(`${first} ${last}`);
}

/** House numbers below 100 are said as one number, others digit by digit: "forty two maple street", "four one two maple street". */
export function addressFact(houseNumber: number, street: string): Fact {
  const number = houseNumber < 100 ? cardinalWords(houseNumber) : digitWords(String(houseNumber));
  return { value: `${houseNumber} ${street}`, spoken: [`${number} ${street.toLowerCase()}`] };
}

export function dateFact({ month, day }: { month: number; day: number }, today: string): Fact {
  const monthAndDay = `${twoDigits(month)}-${twoDigits(day)}`;
  const thisYear = Number(today.slice(0, 4));
  const year = monthAndDay >= today.slice(5) ? thisYear : thisYear + 1;
  return { value: `${year}-${monthAndDay}`, spoken: spokenDays(month, day) };
}

export function birthDateFact({ month, day }: { month: number; day: number }, year: number): Fact {
  return {
    value: `${year}-${twoDigits(month)}-${twoDigits(day)}`,
    spoken: spokenDays(month, day).map((words) => `${words} ${yearWords(year)}`),
  };
}

/** On the hour or half past it, between 8 and 18 o'clock. */
export function timeFact(hour: number, minute: 0 | 30): Fact {
  const words = `${cardinalWords(hour > 12 ? hour - 12 : hour)}${minute === 0 ? '' : ' thirty'}`;
  return { value: `${twoDigits(hour)}:${twoDigits(minute)}`, spoken: [`${words} in the ${hour < 12 ? 'morning' : 'afternoon'}`] };
}

export function emailFact(first: string, last: string, domain: string): Fact {
  const spoken = `${first} dot ${last} at ${domain.replace('.', ' dot ')}`.toLowerCase();
  return { value: `${first}.${last}@${domain}`.toLowerCase(), spoken: [spoken] };
}

/** US numbers are said without the country code, others with it. */
export function phoneFact(phoneE164: string): Fact {
  return { value: phoneE164, spoken: [digitWords(phoneE164.replace(/^\+1(?=\d{10}$)|^\+/, ''))] };
}

function plainFact(value: string): Fact {
  return { value, spoken: [value.toLowerCase()] };
}

function digitsFact(random: SeededRandom, length: number): Fact {
  const digits = randomDigits(random, length);
  return { value: digits, spoken: [digitWords(digits)] };
}

/** No zero in front, and no digit twice in a row: of "four four" the recogniser tends to hear one. */
function randomDigits(random: SeededRandom, length: number): string {
  let digits = String(random.between(1, 9));
  while (digits.length < length) {
    const next = String(random.between(0, 9));
    if (!digits.endsWith(next)) digits += next;
  }
  return digits;
}

export function dateAndTimeFact(date: Fact, time: Fact): Fact {
  const spoken = date.spoken.flatMap((day) => time.spoken.map((hour) => `${day} at ${hour}`));
  return { value: `${String(date.value)}T${String(time.value)}:00`, spoken };
}

function partyFact(count: number): Fact {
  return { value: count, spoken: [cardinalWords(count)] };
}

function consentFact(agrees: boolean): Fact {
  return { value: agrees, spoken: agrees ? ['yes', 'yes please', 'yes of course'] : ['no', 'no thank you', 'no i do not'] };
}

function spokenDays(month: number, day: number): string[] {
  const name = MONTH_WORDS[month - 1] ?? '';
  return [`${name} ${ordinalWords(day)}`, `the ${ordinalWords(day)} of ${name}`];
}

/** 1984 → "nineteen eighty four", 2004 → "two thousand four". */
function yearWords(year: number): string {
  if (year >= 2000) return `two thousand${year === 2000 ? '' : ` ${cardinalWords(year - 2000)}`}`;
  const rest = year % 100;
  const century = TEEN_WORDS[Math.floor(year / 100) - 10] ?? '';
  if (rest === 0) return `${century} hundred`;
  return `${century} ${rest < 10 ? `oh ${cardinalWords(rest)}` : cardinalWords(rest)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
