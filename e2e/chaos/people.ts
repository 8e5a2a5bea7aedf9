import { localTime, type DailyWindow } from './referee/outside-window.js';
import type { RowKind } from './referee/run-facts.js';
import { seededRandom } from './seeded-random.js';

/** The two that are judged; `c` and `d` only call those first whom a cap shall then protect. */
export type CampaignName = 'a' | 'b' | 'c' | 'd';

export interface Person {
  phoneE164: string;
  zone: string;
  kind: RowKind;
  /** Which of the two campaigns have a row for this person. */
  campaigns: readonly CampaignName[];
}

export interface Home {
  zone: string;
  /** So that it is daytime at home by the campaign's window, and night abroad. */
  window: DailyWindow;
}

const NEW_YORK = {
  zone: 'America/New_York',
  codes: ['212', '646', '917', '202', '215', '305', '404', '617', '410', '973', '201', '412', '704'],
};
const LOS_ANGELES = {
  zone: 'America/Los_Angeles',
  codes: ['213', '310', '415', '408', '510', '619', '206', '503', '702', '818', '916', '714', '925'],
};
/** Numbers of London that are kept free for fiction, as 555-01xx are in North America. */
const ABROAD = { zone: 'Europe/London', prefix: '+4420794600' };

const FICTIONAL_PER_CODE = 100;
const OPEN_FOR_HOURS = 3;

/** Whoever is home has the window's middle now; London is at least four hours away from it, whatever the time of year. */
export function homeAt(now: number): Home {
  const newYorkHour = Number(localTime(now, NEW_YORK.zone).slice(0, 2));
  const { zone } = newYorkHour >= 1 && newYorkHour < 21 ? NEW_YORK : LOS_ANGELES;
  const hour = Number(localTime(now, zone).slice(0, 2));
  const written = (each: number) => `${String(Math.min(Math.max(each, 0), 24)).padStart(2, '0')}:00`;
  return { zone, window: { from: written(hour - OPEN_FOR_HOURS), to: written(hour + OPEN_FOR_HOURS + 1) } };
}

/** Of a hundred people: so many for each purpose, the others only to be called. */
const SHARES = { window: 3, cap: 3, blacklist: 4, both: 5, onlyB: 25 } as const;

/** Seeded people, about one row each: a twentieth are in both campaigns. */
export function invitePeople(rows: number, seed: string, home: Home): Person[] {
  const random = seededRandom(`${seed} people`);
  const codes = home.zone === NEW_YORK.zone ? NEW_YORK.codes : LOS_ANGELES.codes;
  const numbers = codes.flatMap((code) =>
    Array.from({ length: FICTIONAL_PER_CODE }, (_, line) => `+1${code}55501${String(line).padStart(2, '0')}`),
  );
  const share = (percent: number) => Math.max(1, Math.round((rows * percent) / 100));
  const both = share(SHARES.both);
  const people = random.shuffled(numbers).slice(0, rows - both);
  if (people.length < rows - both) throw new Error(`there are ${people.length + both} numbers for ${rows} rows: give fewer --contacts`);
  let next = 0;
  const take = (count: number, make: (phoneE164: string, index: number) => Person) =>
    people.slice(next, (next += count)).map((phoneE164, index) => make(phoneE164, index));
  const at =
    (kind: RowKind, campaigns: Person['campaigns']) =>
    (phoneE164: string): Person => ({ phoneE164, zone: home.zone, kind, campaigns });
  return random.shuffled([
    ...take(share(SHARES.window), (_, index) => abroad(index)),
    ...take(share(SHARES.cap), at('cap', ['a'])),
    ...take(share(SHARES.blacklist), at('blacklist', ['a'])),
    ...take(both, at('callable', ['a', 'b'])),
    ...take(share(SHARES.onlyB), at('callable', ['b'])),
    ...take(people.length, at('callable', ['a'])),
  ]);
}

function abroad(index: number): Person {
  return { phoneE164: `${ABROAD.prefix}${String(index).padStart(2, '0')}`, zone: ABROAD.zone, kind: 'window', campaigns: ['a'] };
}

/** The file to upload for one campaign. */
export function csvOf(people: readonly Person[]): string {
  return ['phone,note', ...people.map(({ phoneE164 }, index) => `${phoneE164},row ${index + 1}`), ''].join('\n');
}
