import { openTestDatabase, type TestDatabase } from '@carillon/testing';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

describe('a statement', () => {
  const timeoutOf = async (pool: TestDatabase['store']['pool']) =>
    (await pool.query<{ statement_timeout: string }>('SHOW statement_timeout')).rows[0];

  it('is given up after a minute, an import’s after ten', async () => {
    const { pool, bulkPool } = database.store;
    expect(await timeoutOf(pool)).toEqual({ statement_timeout: '1min' });
    expect(await timeoutOf(bulkPool)).toEqual({ statement_timeout: '10min' });
    expect(await database.store.prisma.$queryRaw`SELECT current_setting('statement_timeout') AS timeout`).toEqual([{ timeout: '1min' }]);
  });
});
