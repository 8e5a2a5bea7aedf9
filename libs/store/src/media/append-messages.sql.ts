import type { LatencyLedger, ToolCallView } from '@carillon/contracts';
import { jsonText } from '../json.js';
import type { Db } from '../transaction.js';
import type { MediaOwner } from './media-owner.js';

export interface NewMessage {
  /** Ordinal within the call. */
  seq: number;
  action: 'call' | 'hangup' | 'sms' | 'talk';
  persona: 'human' | 'assistant';
  content: string;
  style: 'none' | 'cheerful' | 'sad';
  toolCalls: ToolCallView[];
  ledger?: LatencyLedger | undefined;
  createdAt: Date;
}

/**
 * Writes a batch of messages. A message that is there already (by call and seq) is left as it is, so a batch may be written twice. False when
 * a later epoch owns the call: nothing was written then.
 */
export async function appendMessages(db: Db, owner: MediaOwner, messages: readonly NewMessage[]): Promise<boolean> {
  const batch = jsonText([...messages]);
  // The lock keeps a later epoch from binding between the check and the insert.
  const rows = await db.prisma.$queryRaw<{ owned: boolean }[]>`
    WITH owned AS (
      SELECT id, tenant_id, conversation_id FROM call
      WHERE id = ${owner.callId}::uuid AND tenant_id = ${owner.tenantId} AND media_epoch = ${owner.epoch}::int
      FOR SHARE
    ), written AS (
      INSERT INTO message (tenant_id, conversation_id, call_id, seq, action, persona, content, style, tool_calls, ledger, created_at)
      SELECT o.tenant_id, o.conversation_id, o.id, m.seq, m.action, m.persona, m.content, m.style, m."toolCalls", m.ledger, m."createdAt"
      FROM owned o CROSS JOIN jsonb_to_recordset(${batch}::jsonb)
        AS m(seq int, action text, persona text, content text, style text, "toolCalls" jsonb, ledger jsonb, "createdAt" timestamptz)
      ON CONFLICT (call_id, seq) DO NOTHING
    )
    SELECT EXISTS (SELECT FROM owned) AS owned`;
  return rows[0]?.owned ?? false;
}
