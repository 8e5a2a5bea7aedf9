import fc from 'fast-check';
import { breakerAllowance, CLOSED, judgeBreaker, PROBE_CALLS, type BreakerState, type CallSign, type CallSignal } from './judge-breaker.js';

const at = (seconds: number) => new Date(Date.UTC(2026, 2, 2, 10) + seconds * 1000);
/** So many calls, all of which were dialed and heard of at that second. */
const calls = (count: number, sign: CallSign, second: number): CallSignal[] =>
  Array(count).fill({ dialedAt: at(second), at: at(second), sign });

const tripped = judgeBreaker(calls(20, 'network_failure', 0), at(10));
const probing = judgeBreaker([], at(70), tripped);

describe('closed', () => {
  it('Half of twenty calls fail: held for a minute, with the reason', () => {
    const signals = [...calls(6, 'network_failure', 0), ...calls(4, 'blocked', 5), ...calls(10, 'no_answer', 6)];
    expect(judgeBreaker(signals, at(10))).toEqual({
      phase: 'held',
      holds: 1,
      heldUntil: at(70),
      cause: 'network_failure',
      reason: '10 of the last 20 calls failed, most of them with network_failure',
    });
  });

  it('Nineteen calls, or less than half, or failures of long ago, are no reason', () => {
    expect(judgeBreaker(calls(19, 'network_failure', 0), at(10))).toEqual(CLOSED);
    expect(judgeBreaker([...calls(9, 'rejected', 0), ...calls(11, 'no_answer', 0)], at(10))).toEqual(CLOSED);
    expect(judgeBreaker(calls(50, 'network_failure', 0), at(121))).toEqual(CLOSED);
  });

  it.each(['unknown', 'refused', 'no_evidence', 'configuration_error', 'rejected'] as const)('%s is a failure', (sign) => {
    expect(judgeBreaker(calls(20, sign, 0), at(10))).toMatchObject({ phase: 'held', cause: sign });
  });

  it.each(['busy', 'no_answer', 'declined', 'invalid_number', 'answered', 'completed', 'cancelled'] as const)('%s is none', (sign) => {
    expect(judgeBreaker(calls(200, sign, 0), at(10))).toEqual(CLOSED);
  });
});

describe('held', () => {
  it('Nothing is dialed until the hold is over, then a few calls probe', () => {
    expect(judgeBreaker([], at(69), tripped)).toBe(tripped);
    expect(breakerAllowance(tripped, 0)).toBe(0);
    expect(probing).toMatchObject({ phase: 'probing', since: at(70) });
    expect(breakerAllowance(probing, 0)).toBe(5);
    expect(breakerAllowance(probing, 4)).toBe(1);
    expect(breakerAllowance(probing, 9)).toBe(0);
  });
});

describe('probing', () => {
  it('Three probes get through: closed, and the failures of before are forgotten', () => {
    const signals = [...calls(20, 'network_failure', 0), ...calls(3, 'answered', 75)];
    const closed = judgeBreaker(signals, at(80), probing);
    expect(closed).toEqual({ phase: 'closed', holds: 1, since: at(70) });
    expect(judgeBreaker(signals, at(81), closed)).toEqual(closed);
    expect(breakerAllowance(closed, 100)).toBe(Infinity);
  });

  it('Three probes fail: held for twice as long', () => {
    expect(judgeBreaker(calls(3, 'network_failure', 75), at(80), probing)).toMatchObject({ phase: 'held', holds: 2, heldUntil: at(200) });
  });

  it('What comes of calls that were dialed before tells nothing', () => {
    const late = Array<CallSignal>(9).fill({ dialedAt: at(9), at: at(75), sign: 'no_evidence' });
    expect(judgeBreaker(late, at(80), probing)).toBe(probing);
  });

  it('Probes of which nothing is heard for five minutes are given up, and others go out', () => {
    expect(judgeBreaker([], at(369), probing)).toBe(probing);
    expect(judgeBreaker([], at(370), probing)).toMatchObject({ phase: 'probing', since: at(370) });
  });
});

it('Holds in a row double up to a quarter of an hour', () => {
  let state: BreakerState = tripped;
  const holds = [60];
  let second = 70;
  for (let round = 0; round < 6; round++) {
    state = judgeBreaker([], at(second), state);
    state = judgeBreaker(calls(5, 'network_failure', second), at(second), state);
    if (state.phase !== 'held') throw new Error('it should be held');
    holds.push((state.heldUntil.getTime() - at(second).getTime()) / 1000);
    second = (state.heldUntil.getTime() - at(0).getTime()) / 1000;
  }
  expect(holds).toEqual([60, 120, 240, 480, 900, 900, 900]);
});

it('A breaker that trips again soon after it closed goes on doubling; after a good quarter of an hour it begins anew', () => {
  const closed: BreakerState = { phase: 'closed', holds: 2, since: at(0) };
  expect(judgeBreaker(calls(20, 'blocked', 300), at(310), closed)).toMatchObject({ holds: 3, heldUntil: at(550) });
  expect(judgeBreaker(calls(20, 'blocked', 900), at(910), closed)).toMatchObject({ holds: 1, heldUntil: at(970) });
});

it('Whatever came before, a breaker whose calls get through again is closed within the longest hold', () => {
  const sign = fc.constantFrom<CallSign>('network_failure', 'blocked', 'no_answer', 'answered', 'unknown');
  const rounds = fc.array(fc.record({ sign, count: fc.nat(40), pause: fc.integer({ min: 1, max: 400 }) }), { maxLength: 30 });
  fc.assert(
    fc.property(rounds, (history) => {
      let state: BreakerState = CLOSED;
      let second = 0;
      const signals: CallSignal[] = [];
      const judge = (seconds: number, made: number, outcome: CallSign) => {
        second += seconds;
        state = judgeBreaker(signals, at(second), state);
        const since = state.phase === 'probing' ? state.since : null;
        const started = signals.filter(({ dialedAt }) => since !== null && dialedAt >= since).length;
        const allowed = breakerAllowance(state, started);
        expect(state.phase === 'held' && allowed > 0).toBe(false);
        if (since !== null) expect(started + allowed).toBeLessThanOrEqual(PROBE_CALLS);
        signals.push(...calls(Math.min(allowed, made), outcome, second));
      };
      for (const { sign: outcome, count, pause } of history) judge(pause, count, outcome);
      for (let round = 0; round < 30; round++) judge(60, 10, 'answered'); // the hold's 15 minutes, the probes' patience, a last bad look back
      expect(state.phase).toBe('closed');
    }),
  );
});
