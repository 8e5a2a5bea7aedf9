import { seededRandom } from './seeded-random.js';

export type Attack =
  | { kind: 'kill'; what: 'dialer' | 'media' | 'api'; which: 0 | 1 }
  | { kind: 'freeze'; which: 0 | 1; durationMs: number }
  | { kind: 'redis-flush' }
  | { kind: 'redis-restart'; downMs: number }
  | { kind: 'postgres-restart'; signal: 'SIGINT' | 'SIGQUIT'; downMs: number };

export interface PlannedAttack {
  /** After the one before. */
  afterMs: number;
  attack: Attack;
}

/** How a run goes about it. */
export interface Pace {
  /** Between two attacks, milliseconds. */
  minMs: number;
  maxMs: number;
  /** How long a dialer is frozen: longer than a reservation's lease (15 s), or than that of a call being dialed (30 s). */
  freezeMs: readonly [number, ...number[]];
  /** Calls that one of the two media workers takes. */
  slotsPerWorker: number;
  /** Calls to one contact in all: a second one comes a minute later at the soonest. */
  callsPerContact: number;
  /** Between the two times that people are put on the blacklist while the campaign runs. */
  blacklistMs: number;
}

export const PACE: Record<'whole' | 'quick', Pace> = {
  whole: { minMs: 5_000, maxMs: 14_000, freezeMs: [20_000, 38_000], slotsPerWorker: 15, callsPerContact: 2, blacklistMs: 15_000 },
  // few calls at a time, or forty contacts would be through before the first round of attacks is
  quick: { minMs: 1_500, maxMs: 3_000, freezeMs: [17_000], slotsPerWorker: 4, callsPerContact: 1, blacklistMs: 3_000 },
};

/** Attacks without end, in rounds: each round holds every kind, in an order of its own. The same for the same seed. */
export function* planAttacks(seed: string, pace: Pick<Pace, 'minMs' | 'maxMs' | 'freezeMs'>): Generator<PlannedAttack> {
  const random = seededRandom(`${seed} attacks`);
  const which = () => random.pick([0, 1] as const);
  for (let round = 0; ; round++) {
    const attacks: Attack[] = [
      { kind: 'freeze', which: which(), durationMs: random.pick(pace.freezeMs) },
      { kind: 'kill', what: 'dialer', which: which() },
      { kind: 'kill', what: 'media', which: which() },
      { kind: 'kill', what: 'api', which: which() },
      { kind: 'redis-flush' },
      { kind: 'redis-restart', downMs: random.between(500, 3_000) },
      // Postgres asks its clients to go (fast), or drops everything and recovers from its log (immediate).
      { kind: 'postgres-restart', signal: round % 2 === 0 ? 'SIGQUIT' : 'SIGINT', downMs: random.between(500, 3_000) },
    ];
    for (const attack of random.shuffled(attacks)) yield { afterMs: random.between(pace.minMs, pace.maxMs), attack };
  }
}
