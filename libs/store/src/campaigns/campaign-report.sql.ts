import type { Claim, Disposition } from '@carillon/contracts';
import type { Db } from '../transaction.js';

interface ReportKey {
  tenantId: string;
  campaignId: string;
}

export interface ReplyLatency {
  p50: number | null;
  p95: number | null;
  n: number;
}

interface CallFigures {
  calls: number;
  answered: number;
  ended: number;
  answeredAndEnded: number;
  replyLatency: ReplyLatency;
}

/** Released calls were provably never sent: they count nowhere. */
export async function selectCallFigures(db: Db, key: ReportKey): Promise<CallFigures> {
  const [[counts], [replyLatency]] = await Promise.all([
    db.prisma.$queryRaw<Omit<CallFigures, 'replyLatency'>[]>`
      SELECT count(*) FILTER (WHERE state <> 'reserved')::int AS calls,
        count(*) FILTER (WHERE answered_at IS NOT NULL)::int AS answered,
        count(*) FILTER (WHERE state = 'ended')::int AS ended,
        count(*) FILTER (WHERE state = 'ended' AND answered_at IS NOT NULL)::int AS "answeredAndEnded"
      FROM call WHERE tenant_id = ${key.tenantId} AND campaign_id = ${key.campaignId}::uuid AND state <> 'released'`,
    db.prisma.$queryRaw<ReplyLatency[]>`
      SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY reply_ms))::int AS p50,
        round(percentile_cont(0.95) WITHIN GROUP (ORDER BY reply_ms))::int AS p95, count(*)::int AS n
      FROM (
        SELECT (m.ledger->>'replyMs')::float8 AS reply_ms
        FROM call c JOIN message m ON m.call_id = c.id AND m.tenant_id = c.tenant_id
        WHERE c.tenant_id = ${key.tenantId} AND c.campaign_id = ${key.campaignId}::uuid AND m.ledger ? 'replyMs'
      ) AS replies`,
  ]);
  return {
    ...(counts ?? { calls: 0, answered: 0, ended: 0, answeredAndEnded: 0 }),
    replyLatency: replyLatency ?? { p50: null, p95: null, n: 0 },
  };
}

export interface CollectedContact {
  phoneE164: string;
  callId: string | null;
  disposition: Disposition | null;
  claim: Claim;
}

/** Contacts with what the conversation of their last call collected. */
export async function selectCollected(db: Db, page: ReportKey & { limit: number; offset: number }): Promise<CollectedContact[]> {
  return db.prisma.$queryRaw<CollectedContact[]>`
    SELECT p.phone_e164 AS "phoneE164", last.id AS "callId", p.disposition, coalesce(v.claim, '{}'::jsonb) AS claim
    FROM (
      SELECT id, phone_e164, disposition FROM contact
      WHERE tenant_id = ${page.tenantId} AND campaign_id = ${page.campaignId}::uuid
      ORDER BY id LIMIT ${page.limit}::int OFFSET ${page.offset}::int
    ) AS p
    LEFT JOIN LATERAL (
      SELECT c.id, c.conversation_id FROM call c
      WHERE c.contact_id = p.id AND c.tenant_id = ${page.tenantId} AND c.state <> 'released' ORDER BY c.attempt_no DESC LIMIT 1
    ) AS last ON true
    LEFT JOIN conversation v ON v.id = last.conversation_id AND v.tenant_id = ${page.tenantId}
    ORDER BY p.id`;
}
