import type { Pool, PoolClient } from 'pg';

/** Runs the work in one transaction of a connection of its own: all of it is stored, or nothing when it throws. */
export async function inPoolTransaction<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // Without an answer to this the connection is in no known state: it is not given to anybody else.
    await client.query('ROLLBACK').catch((cause: unknown) => (broken = new Error('the transaction could not be rolled back', { cause })));
    throw error;
  } finally {
    client.release(broken);
  }
}
