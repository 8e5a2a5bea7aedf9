import type { CallContext, Claim, Initiate } from '@carillon/contracts';
import { Prisma } from '../generated/client.js';
import { rowsOf, type Db } from '../transaction.js';

/** A prompt holds no more of the past than this: the newest messages of earlier calls. */
const HISTORY_LIMIT = 200;

interface Row extends Omit<CallContext, 'variables' | 'history'> {
  initiate: Initiate;
  claim: Claim;
  variables: Record<string, string> | null;
  history: CallContext['history'] | null;
}

/** What a media worker needs to hold the call, from the truth: for when Redis has lost it, or before it is there. */
export async function loadCallContext(db: Db, { tenantId, callId }: { tenantId: string; callId: string }): Promise<CallContext | null> {
  const [row] = await rowsOf<Row>(
    db,
    Prisma.sql`
    SELECT call.tenant_id AS "tenantId", call.id::text AS "callId", call.conversation_id::text AS "conversationId", call.campaign_id::text AS "campaignId",
           call.phone_e164 AS "phoneE164", conversation.initiate, conversation.claim, contact.variables, call.max_call_ms AS "maxCallMs", call.traceparent,
           (SELECT jsonb_agg(jsonb_build_object('persona', persona, 'content', content) ORDER BY created_at, seq) FROM (
              SELECT persona, content, created_at, seq FROM message
              WHERE message.tenant_id = ${tenantId} AND message.conversation_id = call.conversation_id AND message.action = 'talk'
              ORDER BY created_at DESC, seq DESC LIMIT ${HISTORY_LIMIT}::int) AS newest) AS history
    FROM call JOIN conversation ON conversation.id = call.conversation_id LEFT JOIN contact ON contact.id = call.contact_id AND contact.tenant_id = ${tenantId}
    WHERE call.id = ${callId}::uuid AND call.tenant_id = ${tenantId}`,
  );
  return row ? { ...row, variables: row.variables ?? {}, history: row.history ?? [] } : null;
}
