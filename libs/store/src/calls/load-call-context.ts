import type { CallContext, CampaignSettings, Claim, Initiate } from '@carillon/contracts';
import { Prisma } from '../generated/client.js';
import { rowsOf, type Db } from '../transaction.js';

/** A prompt holds no more of the past than this: the newest messages of earlier calls. */
const HISTORY_LIMIT = 200;

/** What {@link CALL_CONTEXT_COLUMNS} hold, beside the call's own row. */
export interface ConversationColumns {
  initiate: Initiate;
  claim: Claim;
  variables: Record<string, string> | null;
  messages: CallContext['history'] | null;
  /** Of its campaign, where it has one; what the campaign was made without is null. */
  campaignSettings: { [Name in 'conversation' | 'answering_machine']: CampaignSettings[Name] | null } | null;
}

/** Of `call JOIN conversation LEFT JOIN contact`. */
export const CALL_CONTEXT_COLUMNS = Prisma.sql`
  conversation.initiate, conversation.claim, contact.variables,
  (SELECT jsonb_agg(jsonb_build_object('persona', persona, 'content', content, 'ofThisCall', newest.call_id = call.id) ORDER BY created_at, seq) FROM (
     SELECT persona, content, created_at, seq, call_id FROM message
     WHERE message.tenant_id = call.tenant_id AND message.conversation_id = call.conversation_id AND message.action = 'talk'
     ORDER BY created_at DESC, seq DESC LIMIT ${HISTORY_LIMIT}::int) AS newest) AS messages,
  (SELECT jsonb_build_object('conversation', campaign.settings -> 'conversation', 'answering_machine', campaign.settings -> 'answering_machine')
   FROM campaign WHERE campaign.id = call.campaign_id) AS "campaignSettings"`;

type CallColumns = Pick<CallContext, 'tenantId' | 'callId' | 'conversationId' | 'campaignId' | 'phoneE164' | 'maxCallMs' | 'traceparent'>;

/** What a media worker needs to hold the call, from the truth: for when Redis has lost it, or before it is there. */
export async function loadCallContext(db: Db, { tenantId, callId }: { tenantId: string; callId: string }): Promise<CallContext | null> {
  const [row] = await rowsOf<CallColumns & ConversationColumns & Pick<CallContext, 'disclosures'>>(
    db,
    Prisma.sql`
    SELECT call.tenant_id AS "tenantId", call.id::text AS "callId", call.conversation_id::text AS "conversationId", call.campaign_id::text AS "campaignId",
           call.phone_e164 AS "phoneE164", call.max_call_ms AS "maxCallMs", call.traceparent, call.decision -> 'disclosures' AS disclosures, ${CALL_CONTEXT_COLUMNS}
    FROM call JOIN conversation ON conversation.id = call.conversation_id LEFT JOIN contact ON contact.id = call.contact_id AND contact.tenant_id = call.tenant_id
    WHERE call.id = ${callId}::uuid AND call.tenant_id = ${tenantId}`,
  );
  return row ? { ...callContextOf(row, row), ...(row.disclosures ? { disclosures: row.disclosures } : {}) } : null;
}

export function callContextOf(
  { tenantId, callId, conversationId, campaignId, phoneE164, maxCallMs, traceparent }: CallColumns,
  { initiate, claim, variables, messages, campaignSettings }: ConversationColumns,
): CallContext {
  const call = { tenantId, callId, conversationId, campaignId, phoneE164, maxCallMs, traceparent };
  const conversation = { ...campaignSettings?.conversation, ...initiate.conversation };
  const answeringMachine = initiate.answering_machine ?? campaignSettings?.answering_machine;
  return {
    ...call,
    ...{ initiate, claim, variables: variables ?? {}, history: messages ?? [] },
    ...(Object.keys(conversation).length > 0 ? { conversation } : {}),
    ...(answeringMachine ? { answeringMachine } : {}),
  };
}
