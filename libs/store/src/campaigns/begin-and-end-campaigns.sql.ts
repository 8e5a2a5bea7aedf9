import type { Db } from '../transaction.js';

interface Moved {
  tenantId: string;
  campaignId: string;
}

/** Who moved a campaign that moved by itself. */
const ENGINE = 'engine';

/** Scheduled campaigns whose start has come run from now on, each with a line in its audit trail; answers them. */
export function beginScheduledCampaigns(db: Db, now: Date): Promise<Moved[]> {
  return db.prisma.$queryRaw<Moved[]>`
    WITH begun AS (
      UPDATE campaign SET status = 'running', started_at = ${now}::timestamptz, version = version + 1
      WHERE status = 'scheduled' AND (starts_at IS NULL OR starts_at <= ${now}::timestamptz)
      RETURNING tenant_id, id
    ), noted AS (
      INSERT INTO audit_entry (tenant_id, at, actor, action, subject, subject_id, changes)
      SELECT tenant_id, ${now}::timestamptz, ${ENGINE}, 'begin', 'campaign', id::text, '{"status": {"from": "scheduled", "to": "running"}}' FROM begun
    )
    SELECT tenant_id AS "tenantId", id::text AS "campaignId" FROM begun`;
}

/**
 * Campaigns whose end has come are completed, whoever still waits; answers them. Their open calls go on; `expireStragglers` gives their contacts an end.
 */
export function endOverdueCampaigns(db: Db, now: Date): Promise<Moved[]> {
  return db.prisma.$queryRaw<Moved[]>`
    WITH ending AS (
      SELECT id, status FROM campaign
      WHERE status IN ('scheduled', 'running', 'paused') AND ends_at <= ${now}::timestamptz
      FOR UPDATE SKIP LOCKED
    ), ended AS (
      UPDATE campaign SET status = 'completed', completed_at = ${now}::timestamptz, version = version + 1
      FROM ending WHERE campaign.id = ending.id
      RETURNING campaign.tenant_id, campaign.id, ending.status AS was
    ), noted AS (
      INSERT INTO audit_entry (tenant_id, at, actor, action, subject, subject_id, changes)
      SELECT tenant_id, ${now}::timestamptz, ${ENGINE}, 'complete', 'campaign', id::text,
             jsonb_build_object('status', jsonb_build_object('from', was, 'to', 'completed'))
      FROM ended
    )
    SELECT tenant_id AS "tenantId", id::text AS "campaignId" FROM ended`;
}

/** Up to `limit` contacts that still wait in campaigns whose end came after `endedAfter` become final as `expired`; harmless when repeated. */
export function expireStragglers(db: Db, input: { endedAfter: Date; now: Date; limit: number }): Promise<number> {
  return db.prisma.$executeRaw`
    UPDATE contact SET state = 'final', disposition = coalesce(disposition, 'expired'), blocked = NULL, final_at = ${input.now}::timestamptz
    WHERE id IN (
      SELECT straggler.id FROM campaign JOIN contact straggler ON straggler.campaign_id = campaign.id AND straggler.state = 'waiting'
      WHERE campaign.status = 'completed' AND campaign.ends_at <= ${input.now}::timestamptz AND campaign.completed_at > ${input.endedAfter}::timestamptz
      LIMIT ${input.limit}::int FOR UPDATE OF straggler SKIP LOCKED)`;
}
