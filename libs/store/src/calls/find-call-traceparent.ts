import { Prisma } from '../generated/client.js';
import { rowsOf, type Db } from '../transaction.js';

/** W3C traceparent of what asked for the call; events of the carrier go on with it. */
export async function findCallTraceparent(db: Db, { tenantId, callId }: { tenantId: string; callId: string }): Promise<string | null> {
  const [call] = await rowsOf<{ traceparent: string | null }>(
    db,
    Prisma.sql`SELECT traceparent FROM call WHERE id = ${callId}::uuid AND tenant_id = ${tenantId}`,
  );
  return call?.traceparent ?? null;
}
