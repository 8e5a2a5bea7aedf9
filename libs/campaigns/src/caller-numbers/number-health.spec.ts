import fc from 'fast-check';
import { numberHealth, tallyCalls, type NumberTally } from './number-health.js';

const HOUR = 3_600_000;
const tally = (calls: number, answered: number, refused = 0): NumberTally => ({ calls, answered, refused });

it('Only calls that reached a network that shows the caller say something about a number', () => {
  expect(
    tallyCalls([
      'completed',
      'no_conversation',
      'no_answer',
      'busy',
      'rejected',
      'blocked',
      'invalid_number',
      'network_failure',
      'no_evidence',
    ]),
  ).toEqual({ calls: 6, answered: 2, refused: 2 });
});

it('A number that is answered as often as the others is good', () => {
  expect(numberHealth(tally(100, 28), tally(1_000, 300), 0)).toBe('good');
});

it('A number that is answered half as often rests for four hours', () => {
  // 15/100 against 300/1000: common rate 315/1100 = 0.286, deviation 0.0474, z = −0.15/0.0474 = −3.16
  expect(numberHealth(tally(100, 15), tally(1_000, 300), 0)).toEqual({
    restMs: 4 * HOUR,
    reason: 'answer_rate',
    message: 'answered in 15 % of its calls, the other numbers in 30 %',
  });
});

it('The same rate in too few calls proves nothing', () => {
  // 8/53 against 300/1000: z = −2.3
  expect(numberHealth(tally(53, 8), tally(1_000, 300), 0)).toBe('good');
  expect(numberHealth(tally(49, 0), tally(1_000, 300), 0)).toBe('good');
  expect(numberHealth(tally(100, 0), tally(49, 40), 0)).toBe('good');
});

it('A difference that is certain but small is none to rest for', () => {
  expect(numberHealth(tally(20_000, 5_400), tally(20_000, 6_000), 0)).toBe('good'); // 27 % against 30 %, z = −6.6
});

it('A number that is blocked in a fifth of its calls rests, even if it is the only one', () => {
  expect(numberHealth(tally(50, 20, 10), tally(0, 0), 0)).toMatchObject({
    reason: 'refused',
    message: '10 of its last 50 calls were rejected or blocked',
  });
});

it('Where all numbers are refused alike it is not the number', () => {
  expect(numberHealth(tally(100, 30, 25), tally(500, 150, 120), 0)).toBe('good');
});

it('Each rest is twice as long as the last, up to three days', () => {
  const rest = (before: number) => {
    const health = numberHealth(tally(100, 0), tally(1_000, 300), before);
    return health === 'good' ? 0 : health.restMs / HOUR;
  };
  expect([0, 1, 2, 3, 4, 5, 50].map(rest)).toEqual([4, 8, 16, 32, 64, 72, 72]);
});

it('Whatever the tallies: a number that is answered no less and refused no more than the others never rests', () => {
  const others = fc.record({ calls: fc.integer({ min: 50, max: 2_000 }), answeredShare: fc.double({ min: 0, max: 1, noNaN: true }) });
  fc.assert(
    fc.property(others, fc.integer({ min: 1, max: 5 }), ({ calls, answeredShare }, times) => {
      const answered = Math.floor(calls * answeredShare);
      const refused = Math.floor((calls - answered) / 2);
      expect(numberHealth(tally(calls * times, answered * times, refused * times), tally(calls, answered, refused), 0)).toBe('good');
    }),
  );
});
