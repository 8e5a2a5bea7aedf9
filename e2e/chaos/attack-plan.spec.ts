import { PACE, planAttacks, type PlannedAttack } from './attack-plan.js';

function first(count: number, seed: string): PlannedAttack[] {
  const planned: PlannedAttack[] = [];
  for (const attack of planAttacks(seed, PACE.whole)) if (planned.push(attack) === count) break;
  return planned;
}

test('the same seed brings the same attacks, another one others', () => {
  expect(first(30, 'one')).toEqual(first(30, 'one'));
  expect(first(30, 'one')).not.toEqual(first(30, 'two'));
});

test('each round holds every kind, so that even a short run has tried them all', () => {
  const kinds = first(7, 'one').map(({ attack }) => (attack.kind === 'kill' ? attack.what : attack.kind));
  expect(kinds.sort()).toEqual(['api', 'dialer', 'freeze', 'media', 'postgres-restart', 'redis-flush', 'redis-restart']);
});

test('a freeze outlasts the lease of a reservation', () => {
  for (const { freezeMs } of Object.values(PACE)) for (const durationMs of freezeMs) expect(durationMs).toBeGreaterThan(15_000);
});
