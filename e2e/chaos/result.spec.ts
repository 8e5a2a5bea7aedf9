import { chaosResult, failuresOf, type ResultParts } from './result.js';

const kills = { dialer: 4, media: 3, api: 2, redis: 2, postgres: 1, frozen: 1 };
const faults = { timeout_after: 5, error_500: 3, refused_429: 4, duplicate: 9, late: 8, reordered: 7, early: 6, missing: 2 };
const passed: ResultParts = {
  ...{ contacts: 100, noEvidence: 1, kills, faults, unaccounted: 0 },
  verdict: { calls: 104, callable: 90, reached: 70, blocked: { window: 3, cap: 4, blacklist: 3 }, violations: [] },
};

const failures = (parts: Partial<ResultParts>) => failuresOf(chaosResult({ ...passed, ...parts }), passed.verdict.callable);
const verdict = (more: Partial<ResultParts['verdict']>) => ({ verdict: { ...passed.verdict, ...more } });

test('the last line says it all, and a run without fault passes', () => {
  const result = chaosResult(passed);
  expect(JSON.stringify(result)).toBe(
    '{"result":"chaos","contacts":100,"calls":104,"reached":70,"no_evidence":1,' +
      '"kills":{"dialer":4,"media":3,"api":2,"redis":2,"postgres":1,"frozen":1},' +
      '"faults":{"timeout_after":5,"error_500":3,"refused_429":4,"duplicate":9,"late":8,"reordered":7,"early":6,"missing":2},' +
      '"blocked":{"window":3,"cap":4,"blacklist":3},' +
      '"lost":0,"double_dials":0,"outside_window":0,"over_cap":0,"over_concurrency":0,"blacklisted_dialed":0,"unaccounted":0}',
  );
  expect(failuresOf(result, 90)).toEqual([]);
});

test.each([
  ['a broken promise', verdict({ violations: [{ rule: 'double_dials', evidence: '' }] }), 'double_dials is 1'],
  ['contacts unaccounted for', { unaccounted: 3 }, 'unaccounted is 3'],
  ['a fault that never struck', { faults: { ...faults, early: 0 } }, 'early never struck'],
  ['nobody killed', { kills: { ...kills, frozen: 0 } }, 'frozen never struck'],
  ['too few people reached', verdict({ reached: 53 }), 'only 53 of 90 people were reached'],
  ['too many calls without evidence', { noEvidence: 6 }, '6 contacts ended without evidence'],
])('%s fails the run', (_what, parts, reason) => {
  expect(failures(parts)).toEqual([reason]);
});

test('just enough is enough', () => {
  expect(failures({ ...verdict({ reached: 54 }), noEvidence: 5 })).toEqual([]);
});
