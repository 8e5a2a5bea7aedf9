import { isOver, placeResultOf, requestErrorOf } from './acs-answers.js';

const NOW = Date.parse('2026-11-20T10:00:00Z');
const restError = (statusCode: number | undefined, code: string, headers: Record<string, string> = {}) =>
  Object.assign(new Error('said the carrier'), {
    name: 'RestError',
    statusCode,
    code,
    response: { headers: new Map(Object.entries(headers)) },
  });
const placed = (error: unknown) => placeResultOf(error, () => NOW);

describe('what the answer to a dial proves', () => {
  it.each([
    [400, 'request'],
    [401, 'configuration'],
    [403, 'configuration'],
    [404, 'configuration'],
    [405, 'configuration'],
    [413, 'request'],
    [429, 'throttled'],
  ] as const)('%i: refused, for reasons of %s', (status, cause) => {
    expect(placed(restError(status, '8523'))).toEqual({
      kind: 'refused',
      status,
      code: '8523',
      message: 'said the carrier',
      retryAfterMs: null,
      cause,
    });
  });

  it.each([
    ['a server fault', restError(500, '')],
    ['a gateway fault', restError(504, '')],
    ['a success that is none', restError(202, '')],
    ['a gateway that gave up', restError(408, '')],
    ['a conflict with a running post', restError(409, '')],
    ['a repeat beyond the window', restError(412, '8583')],
    ['a broken connection', restError(undefined, 'ECONNRESET')],
    ['a refused connection', restError(undefined, 'ECONNREFUSED')],
    ['a time-out', Object.assign(new Error('aborted'), { name: 'AbortError' })],
    ['a thrown string', 'callConnectionId is missing'],
    ['nothing at all', undefined],
  ])('%s: unknown', (_name, error) => expect(placed(error)).toMatchObject({ kind: 'unknown' }));

  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 10:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 09:00:00 GMT' }, 0],
    [{ 'retry-after': 'later' }, null],
    [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
    [{}, null],
  ])('%j: try again after %s ms', (headers, retryAfterMs) =>
    expect(placed(restError(429, '8516', headers))).toMatchObject({ retryAfterMs }),
  );
});

it('a call that is over is over, however it is said', () => {
  expect([restError(404, '8522'), restError(400, '8528'), restError(400, '8501'), restError(500, ''), 'text'].map(isOver)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

it('a failed hang-up says whether another try makes sense', () => {
  expect(requestErrorOf('hanging up', restError(503, '8516'))).toMatchObject({ status: 503, retryable: true });
  expect(requestErrorOf('hanging up', restError(401, '7509'))).toMatchObject({
    status: 401,
    retryable: false,
    message: 'hanging up failed: 401 7509 said the carrier',
  });
  expect(requestErrorOf('hanging up', restError(undefined, 'ECONNRESET'))).toMatchObject({ status: null, retryable: true });
});
