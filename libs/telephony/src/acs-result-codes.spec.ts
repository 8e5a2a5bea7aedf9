import { ACS_OUTCOMES, acsOutcome } from './acs-result-codes.js';

const pair = (code: number, subCode: number) => acsOutcome({ code, subCode, message: '' });

describe('what an ACS result means', () => {
  it.each([
    [200, 0, null, 'us'],
    [200, 7000, null, 'us'],
    [200, 5000, null, 'us'],
    [200, 7015, 'transferred', 'us'],
    [200, 560000, null, 'callee'],
    [0, 560000, null, 'callee'],
    [200, 5010, null, 'callee'],
    [429, 10110, null, 'carrier'],
    [404, 4500, null, 'carrier'],
    [486, 560486, 'busy', 'callee'],
    [480, 560480, 'no_answer', 'carrier'],
    [487, 10004, 'no_answer', 'carrier'],
    [408, 560408, 'no_answer', 'carrier'],
    [408, 500001, 'network_failure', 'carrier'],
    [487, 0, 'cancelled', 'us'],
    [487, 560487, 'cancelled', 'us'],
    [487, 540487, 'cancelled', 'us'],
    [487, 10024, 'declined', 'callee'],
    [603, 560603, 'declined', 'callee'],
    [403, 560403, 'rejected', 'callee'],
    [403, 510403, 'blocked', 'carrier'],
    [404, 560404, 'invalid_number', 'carrier'],
    [404, 511404, 'invalid_number', 'carrier'],
    [484, 560484, 'invalid_number', 'carrier'],
    [403, 511532, 'configuration_error', 'carrier'],
    [401, 10009, 'configuration_error', 'carrier'],
    [410, 531004, 'network_failure', 'carrier'],
    [410, 301005, 'network_failure', 'carrier'],
    [500, 560500, 'network_failure', 'carrier'],
    [503, 560503, 'network_failure', 'carrier'],
    [500, 10045, 'network_failure', 'carrier'],
    [408, 8537, 'network_failure', 'carrier'],
  ] as const)('%i/%i is %s, ended by %s', (code, subCode, disposition, endedBy) => {
    expect(pair(code, subCode)).toEqual({ disposition, endedBy });
    expect(ACS_OUTCOMES.has(`${code}/${subCode}`)).toBe(true);
  });

  it('has 32 rows, each of them above', () => expect(ACS_OUTCOMES.size).toBe(32));

  it.each([
    ['a declined action by its subcode', 400, 8538, 'declined'],
    ['busy everywhere by its subcode', 400, 8540, 'busy'],
    ['an unreachable phone by its subcode', 400, 8544, 'network_failure'],
    ['a busy line by its SIP code', 486, 1, 'busy'],
    ['busy everywhere by its SIP code', 600, 560600, 'busy'],
    ['an unlisted number by its SIP code', 604, 560604, 'invalid_number'],
    ['any other 2xx as an ordinary end', 200, 424242, null],
    ['any other 4xx as rejected', 488, 560488, 'rejected'],
    ['any other 5xx as a network failure', 504, 560504, 'network_failure'],
    ['any other 6xx as declined', 606, 560606, 'declined'],
    ['a code of no class as a network failure', -7, 0, 'network_failure'],
  ] as const)('reads %s', (_name, code, subCode, disposition) => expect(pair(code, subCode).disposition).toBe(disposition));

  it('takes a missing result for an ordinary end', () => expect(acsOutcome(null)).toEqual({ disposition: null, endedBy: 'carrier' }));
});
