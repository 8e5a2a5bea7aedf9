import { createLogger } from '@carillon/platform';
import { CarrierRequestError } from '@carillon/telephony';
import type { Keeping } from './snapshot-keeper.js';
import { transferCall } from './transfer-call.js';

const log = createLogger('test', { level: 'silent', pii: false });

interface Circumstances {
  told?: string | null;
  known?: () => Promise<string | null>;
  answer?: () => Promise<void>;
  epoch?: number;
  keeping?: Keeping;
  isStillOurs?: () => Promise<boolean>;
  /** What becomes of the call once all questions are asked. */
  leaves?: boolean;
}

/** The connections that were asked for, and whether somebody may come of it. */
async function transfer({ told = 'told', known, answer, epoch = 1, keeping = 'kept', isStillOurs, leaves = false }: Circumstances) {
  const asked: string[] = [];
  const carrier = {
    async transfer(connectionId: string) {
      asked.push(connectionId);
      await answer?.();
    },
  };
  const directory = { connectionId: known ?? (async () => 'known'), isStillOurs: isStillOurs ?? (async () => true) };
  const owner = { tenantId: 'default', callId: 'c1', epoch };
  const options = { carrier, directory, keeper: { keepNow: async () => keeping }, log };
  const taken = await transferCall(options, { owner, connectionId: told, toE164: '+14155550100', mayOrder: () => !leaves });
  return { asked, taken };
}
const refusal = (status: number | null) => new CarrierRequestError('no', status, '8501', false);
const failing = (error: Error) => (): Promise<never> => Promise.reject(error);

it.each([
  ['as its handshake told', 'told', ['told']],
  ['as the ledger knows it', null, ['known']],
])('the carrier is asked for the call %s', async (_how, told, asked) => {
  expect(await transfer({ told })).toEqual({ asked, taken: true });
});

it.each([
  ['has no name', async () => null],
  ['cannot be looked up', failing(new Error('no database'))],
])('nobody is asked where the call %s, and nobody comes', async (_what, known) => {
  expect(await transfer({ told: null, known })).toEqual({ asked: [], taken: false });
  // but an earlier owner may have known it
  expect(await transfer({ told: null, known, epoch: 2 })).toEqual({ asked: [], taken: true });
});

it('nobody is asked where the ledger does not name the call in time', async () => {
  jest.useFakeTimers();
  const asking = transfer({ told: null, known: () => new Promise(() => undefined) });
  await jest.advanceTimersByTimeAsync(3_000);
  expect(await asking).toEqual({ asked: [], taken: false });
  jest.useRealTimers();
});

it.each([
  ['that refuses a first order puts nobody through', refusal(400), 1, false],
  ['that refuses another one may be at the first', refusal(400), 2, true],
  ['whose answer was lost may be at it', refusal(null), 1, true],
  ['whose gateway gave up may be at it', refusal(408), 1, true],
  ['that is throttled may be at it', refusal(429), 1, true],
  ['that failed may be at it', refusal(503), 1, true],
  ['that was never asked puts nobody through', new RangeError('no E.164'), 1, false],
])('a carrier %s', async (_what, error, epoch, taken) => {
  expect(await transfer({ answer: failing(error), epoch })).toMatchObject({ taken });
});

it.each([
  ['another worker has it', { keeping: 'fenced' }, 0],
  ['Redis is away, and Postgres knows of another worker', { keeping: 'unknown', isStillOurs: async (): Promise<boolean> => false }, 0],
  ['Redis is away, and Postgres knows of none', { keeping: 'unknown' }, 1],
  ['both are away: nobody can have taken it', { keeping: 'unknown', isStillOurs: failing(new Error('no database')) }, 1],
  ['it left this worker meanwhile', { leaves: true }, 0],
] as const)('of a call where %s', async (_what, circumstances, orders) => {
  const { asked, taken } = await transfer(circumstances);
  expect({ orders: asked.length, taken }).toEqual({ orders, taken: true });
});
