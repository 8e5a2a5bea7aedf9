import { csvOf, homeAt, invitePeople } from './people.js';
import { localTime } from './referee/outside-window.js';

/** Every seventh hour: each time of day on each seventh day. */
const HOURS_OF_A_YEAR = Array.from({ length: (24 * 365) / 7 }, (_, seventh) => Date.UTC(2026, 0, 1, 7 * seventh, 40));

test('whenever a run begins, it is daytime at home for an hour to come, and shut abroad', () => {
  for (const now of HOURS_OF_A_YEAR) {
    const { zone, window } = homeAt(now);
    const inside = (ms: number, where: string) => localTime(ms, where) >= window.from && localTime(ms, where) < window.to;
    for (const ms of [now, now + 3_600_000]) {
      expect([new Date(now).toISOString(), inside(ms, zone), inside(ms, 'Europe/London')]).toEqual([
        new Date(now).toISOString(),
        true,
        false,
      ]);
    }
  }
});

test('a thousand rows hold all kinds, a twentieth of them twice, each number once in a campaign', () => {
  const people = invitePeople(1_000, 'seven', homeAt(Date.UTC(2026, 2, 2, 17)));
  const count = (kind: string) => people.filter((person) => person.kind === kind).length;
  expect([count('window'), count('cap'), count('blacklist')]).toEqual([30, 30, 40]);
  expect(people.filter(({ campaigns }) => campaigns.length === 2)).toHaveLength(50);
  expect(people.flatMap(({ campaigns }) => campaigns)).toHaveLength(1_000);
  expect(new Set(people.map(({ phoneE164 }) => phoneE164)).size).toBe(people.length);
  expect(csvOf(people).trimEnd().split('\n')).toHaveLength(people.length + 1);
});

test('the same seed invites the same people', () => {
  const home = homeAt(Date.UTC(2026, 2, 2, 17));
  expect(invitePeople(100, 'one', home)).toEqual(invitePeople(100, 'one', home));
  expect(invitePeople(100, 'one', home)).not.toEqual(invitePeople(100, 'two', home));
});
