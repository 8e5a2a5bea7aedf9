import { openTestDatabase, type TestDatabase } from '@carillon/testing';
import { inTransaction } from '../transaction.js';
import { ACCOUNT_COUNTER, chargeCounters, counterName, lockCounters, type DayCounter } from './day-counters.sql.js';

let database: TestDatabase;
beforeAll(async () => (database = await openTestDatabase()));
afterAll(() => database.close());

const DAYS = [new Date('2026-03-02'), new Date('2026-03-03')];
/** What tenants share, and what is their own, on two days: whoever locks some of them locks them in an order of its own. */
const all = DAYS.flatMap((day): DayCounter[] => [
  { tenantId: 'a', scope: 'tenant', key: '*', day },
  { ...ACCOUNT_COUNTER, day },
  { tenantId: 'b', scope: 'tenant', key: '*', day },
  { tenantId: 'a', scope: 'number', key: '+14155550901', day },
  { tenantId: 'a', scope: 'campaign', key: 'spring', day },
]);

it('Fifty that charge the same counters of two days, each in its own order, never wait for each other, and none is lost', async () => {
  const shifted = (by: number) => [...all.slice(by % all.length), ...all.slice(0, by % all.length)];
  const some = (index: number) => shifted(index * 3).slice(0, 4 + (index % 6));
  await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      inTransaction(database.store, async (transaction) => {
        await lockCounters(transaction, some(index));
        await chargeCounters(
          transaction,
          some(index).map((counter) => ({ ...counter, calls: 1 })),
        );
      }),
    ),
  );
  const wanted = Array.from({ length: 50 }, (_, index) => some(index).length).reduce((sum, each) => sum + each, 0);
  const { _sum } = await database.store.prisma.dialCounter.aggregate({ _sum: { used: true } });
  expect(_sum.used).toBe(wanted);
});

it('Of a counter that is locked on two days the later one is told', async () => {
  const [before, after] = DAYS.map((day): DayCounter => ({ tenantId: 'c', scope: 'tenant', key: '*', day }));
  if (!before || !after) throw new Error('there are two days');
  await chargeCounters(database.store, [
    { ...before, calls: 5 },
    { ...after, calls: 2 },
  ]);
  const used = await inTransaction(database.store, (transaction) => lockCounters(transaction, [after, before]));
  expect(used.get(counterName(after))).toBe(2);
});
