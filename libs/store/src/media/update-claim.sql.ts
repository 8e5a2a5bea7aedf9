import type { Claim } from '@carillon/contracts';
import { jsonText } from '../json.js';
import type { Db } from '../transaction.js';
import type { MediaOwner } from './media-owner.js';

/** Stores the whole claim of the call's conversation. False when a later epoch owns the call. */
export async function updateClaim(db: Db, owner: MediaOwner, claim: Claim): Promise<boolean> {
  const updated = await db.prisma.$executeRaw`
    UPDATE conversation SET claim = ${jsonText(claim)}::jsonb
    FROM (
      SELECT conversation_id FROM call
      WHERE id = ${owner.callId}::uuid AND tenant_id = ${owner.tenantId} AND media_epoch = ${owner.epoch}::int
      FOR SHARE
    ) AS owned
    WHERE conversation.id = owned.conversation_id AND conversation.tenant_id = ${owner.tenantId}`;
  return updated > 0;
}
