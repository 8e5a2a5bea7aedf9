import type { Db } from '../transaction.js';

export interface RunningCampaign {
  tenantId: string;
  campaignId: string;
  maxConcurrent: number;
  /** Contacts that are reserved, in a call, or whose call nobody knows about. */
  openCalls: number;
}

/** More campaigns than this do not run at once in one fleet. */
const MAX_RUNNING = 1_000;

/** Campaigns that may dial now, the longest running first, with what they have open. */
export function listRunningCampaigns(db: Db): Promise<RunningCampaign[]> {
  return db.prisma.$queryRaw<RunningCampaign[]>`
    SELECT tenant_id AS "tenantId", id::text AS "campaignId", max_concurrent AS "maxConcurrent",
           (SELECT count(*)::int FROM contact
            WHERE contact.campaign_id = campaign.id AND contact.state IN ('reserved', 'in_flight', 'reconciling')) AS "openCalls"
    FROM campaign WHERE status = 'running'
    ORDER BY started_at, id LIMIT ${MAX_RUNNING}::int`;
}

/**
 * What the slots that the fleet counts are spoken for: `reserved` calls are claimed and have no slot yet; `open` are all that need one or will, as
 * Postgres knows them, which holds when Redis came back empty.
 */
export async function countOpenCalls(db: Db): Promise<{ reserved: number; open: number }> {
  const [row] = await db.prisma.$queryRaw<{ reserved: number; open: number }[]>`
    SELECT (count(*) FILTER (WHERE state = 'reserved'))::int AS reserved, count(*)::int AS open
    FROM call WHERE wrapped_at IS NULL AND state NOT IN ('ended', 'released')`;
  return row ?? { reserved: 0, open: 0 };
}

/** Any number will do, as long as nothing else of ours takes it. */
const SCHEDULE_LOCK = 4_270_631_001n;

/** True for one transaction at a time: who gets it leads the schedule until that transaction ends. */
export async function tryLeadSchedule(transaction: Db): Promise<boolean> {
  const [row] = await transaction.prisma.$queryRaw<
    { leads: boolean }[]
  >`SELECT pg_try_advisory_xact_lock(${SCHEDULE_LOCK}::bigint) AS leads`;
  return row?.leads ?? false;
}
