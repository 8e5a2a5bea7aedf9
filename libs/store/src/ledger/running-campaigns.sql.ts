import { DEFAULT_CAMPAIGN_SETTINGS, parseTenantSettings, type CampaignSettings, type TenantSettings } from '@carillon/contracts';
import { Prisma } from '../generated/client.js';
import { rowsOf, type Db } from '../transaction.js';

export interface RunningCampaign {
  tenantId: string;
  campaignId: string;
  policies: string[];
  settings: CampaignSettings;
  maxConcurrent: number;
  maxCallMs: number;
  startsAt: Date | null;
  endsAt: Date | null;
  spentMicros: bigint;
  /** Raised by each change of the campaign. */
  version: number;
}

/** More campaigns than this do not run at once in one fleet. */
const MAX_RUNNING = 1_000;

/** Campaigns that may dial now, the longest running first. */
export async function listRunningCampaigns(db: Db, now: Date): Promise<RunningCampaign[]> {
  const rows = await rowsOf<Omit<RunningCampaign, 'settings'> & { settings: Partial<CampaignSettings> }>(
    db,
    Prisma.sql`
    SELECT tenant_id AS "tenantId", id::text AS "campaignId", policies, settings, max_concurrent AS "maxConcurrent", max_call_ms AS "maxCallMs", starts_at AS "startsAt",
           ends_at AS "endsAt", spent_micros AS "spentMicros", version
    FROM campaign
    WHERE status = 'running' AND (held_until IS NULL OR held_until <= ${now}::timestamptz) AND (ends_at IS NULL OR ends_at > ${now}::timestamptz)
    ORDER BY started_at, id LIMIT ${MAX_RUNNING}::int`,
  );
  return rows.map((row) => ({ ...row, settings: { ...DEFAULT_CAMPAIGN_SETTINGS, ...row.settings } }));
}

export async function listTenantSettings(db: Db, tenantIds: readonly string[]): Promise<Map<string, TenantSettings>> {
  const tenants = await db.prisma.tenant.findMany({ where: { id: { in: [...tenantIds] } }, select: { id: true, settings: true } });
  const known = new Map(tenants.map(({ id, settings }) => [id, parseTenantSettings(settings as object)]));
  return new Map(tenantIds.map((id) => [id, known.get(id) ?? parseTenantSettings({})]));
}

export interface OpenCalls {
  tenantId: string;
  /** Null: calls from the API. */
  campaignId: string | null;
  /** Ended, and what they cost is not in the books yet. */
  closing: number;
  /** Claimed, and without a slot yet. */
  reserved: number;
  /** Answered: somebody is spoken with. */
  talking: number;
  /** Dialed, and nobody has answered yet. */
  ringing: number;
  /** Of a campaign whose calls overlap, how long each of those that talk has talked, milliseconds. */
  talkedMs: number[];
  /** Of a campaign whose calls overlap, how long each of those that ring has been dialed, milliseconds. */
  ringingMs: number[];
}

/** What is open, by campaign, as Postgres knows it: which holds when Redis came back empty. The ages of calls, thousands of them, only for the campaigns that overlap. */
export function listOpenCalls(db: Db, now: Date, overlapping: readonly string[]): Promise<OpenCalls[]> {
  return rowsOf<OpenCalls>(
    db,
    Prisma.sql`
    SELECT tenant_id AS "tenantId", campaign_id::text AS "campaignId", (count(*) FILTER (WHERE state = 'reserved'))::int AS reserved,
           (count(*) FILTER (WHERE state = 'ended'))::int AS closing,
           (count(*) FILTER (WHERE talks))::int AS talking,
           (count(*) FILTER (WHERE rings))::int AS ringing,
           coalesce(array_agg((extract(epoch FROM ${now}::timestamptz - coalesce(answered_at, dialed_at)) * 1000)::int) FILTER (WHERE aged AND talks), '{}') AS "talkedMs",
           coalesce(array_agg((extract(epoch FROM ${now}::timestamptz - dialed_at) * 1000)::int) FILTER (WHERE aged AND rings), '{}') AS "ringingMs"
    FROM (
      SELECT tenant_id, campaign_id, state, dialed_at, answered_at, talks, state NOT IN ('reserved', 'ended') AND NOT talks AS rings,
             campaign_id = ANY (${overlapping}::uuid[]) AS aged
      FROM call CROSS JOIN LATERAL (SELECT state <> 'ended' AND (state = 'answered' OR media_epoch > 0) AS talks) AS voice
      WHERE wrapped_at IS NULL AND state <> 'released'
    ) AS open
    GROUP BY tenant_id, campaign_id`,
  );
}

export interface Bucket {
  id: number;
  campaignId: string;
  country: string | null;
  regions: string[];
  timeZones: string[];
  consent: string | null;
}

/** The buckets of some campaigns: a few for each. */
export async function listBuckets(db: Db, campaignIds: readonly string[]): Promise<Map<string, Bucket[]>> {
  const rows = await db.prisma.contactBucket.findMany({
    where: { campaignId: { in: [...campaignIds] } },
    select: { id: true, campaignId: true, country: true, regions: true, timeZones: true, consent: true },
    orderBy: { id: 'asc' },
  });
  const byCampaign = new Map<string, Bucket[]>(campaignIds.map((id) => [id, []]));
  for (const row of rows) byCampaign.get(row.campaignId)?.push(row);
  return byCampaign;
}

/** Any number will do, as long as nothing else of ours takes it. */
const SCHEDULE_LOCK = 4_270_631_001n;

/** True for one transaction at a time: who gets it leads the schedule until that transaction ends. */
export async function tryLeadSchedule(transaction: Db): Promise<boolean> {
  const [row] = await rowsOf<{ leads: boolean }>(
    transaction,
    Prisma.sql`SELECT pg_try_advisory_xact_lock(${SCHEDULE_LOCK}::bigint) AS leads`,
  );
  return row?.leads ?? false;
}

export interface RunningCampaignId {
  tenantId: string;
  campaignId: string;
  policies: string[];
  /** Its calls may be more than its slots. */
  overlaps: boolean;
  heldUntil: Date | null;
}

/** All that run, whether they may dial right now or not, and whether their calls overlap. */
export function listRunningCampaignIds(db: Db): Promise<RunningCampaignId[]> {
  return rowsOf<RunningCampaignId>(
    db,
    Prisma.sql`
    SELECT tenant_id AS "tenantId", id::text AS "campaignId", policies, held_until AS "heldUntil", coalesce(settings #>> '{pacing,mode}' = 'overlap', false) AS overlaps
    FROM campaign WHERE status = 'running' ORDER BY started_at, id LIMIT ${MAX_RUNNING}::int`,
  );
}
