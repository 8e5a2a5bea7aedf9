import type { Db } from '../transaction.js';

/** Takes the person for this call. False when another open call has them: the primary key of `in_flight` is the promise. */
export async function claimPerson(db: Db, claim: { tenantId: string; phoneE164: string; callId: string }): Promise<boolean> {
  const inserted = await db.prisma.$executeRaw`
    INSERT INTO in_flight (tenant_id, phone_e164, call_id) VALUES (${claim.tenantId}, ${claim.phoneE164}, ${claim.callId}::uuid)
    ON CONFLICT (tenant_id, phone_e164) DO NOTHING`;
  return inserted > 0;
}
