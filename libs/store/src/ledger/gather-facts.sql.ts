import {
  DEFAULT_CAMPAIGN_SETTINGS,
  parseTenantSettings,
  type CampaignSettings,
  type CampaignStatus,
  type Disposition,
  type TenantSettings,
} from '@carillon/contracts';
import { Prisma } from '../generated/client.js';
import { rowsOf, type Db } from '../transaction.js';

export interface FactsQuery {
  tenantId: string;
  phoneE164: string;
  /** Null for a call from the API. */
  campaignId: string | null;
  contactId: bigint | null;
  /** Left out of the person's history and of the counts: the call that asks. */
  callId: string | null;
  callerNumber: string | null;
  now: Date;
}

/** Everything that the ledger knows for the gate, in one look. */
export interface StoredFacts {
  tenant: TenantSettings;
  campaign: CampaignFacts | null;
  /** Null when the contact, or its bucket, is not there: a call from the API. */
  bucket: BucketFacts | null;
  blacklisted: 'global' | 'tenant' | 'campaign' | null;
  /** Charged calls to the person by this tenant, newest first, 31 days back. */
  history: PastCall[];
  /** Calls charged on the tenant's day, and the caps in the ledger. */
  today: {
    day: string;
    campaign: number;
    tenant: number;
    account: number;
    number: number;
    numberCap: number | null;
    numberConcurrency: number | null;
  };
  /** Another call to the person that is open. */
  openCallId: string | null;
}

export interface CampaignFacts {
  status: CampaignStatus;
  policies: string[];
  settings: CampaignSettings;
  startsAt: Date | null;
  endsAt: Date | null;
  heldUntil: Date | null;
  heldReason: string | null;
  spentMicros: number;
  maxConcurrent: number;
  /** Calls of the campaign that are open now. */
  openCalls: number;
}

export interface BucketFacts {
  country: string | null;
  regions: string[];
  timeZones: string[];
  consent: string | null;
}

export interface PastCall {
  at: Date;
  conversation: boolean;
  campaignId: string | null;
  disposition: Disposition | null;
}

interface Row {
  tenant: object;
  campaign:
    | (Omit<CampaignFacts, 'settings' | 'startsAt' | 'endsAt' | 'heldUntil'> & { settings: Partial<CampaignSettings> } & Record<
          Moment,
          string | null
        >)
    | null;
  bucket: BucketFacts | null;
  blacklisted: StoredFacts['blacklisted'];
  history: (Omit<PastCall, 'at'> & { at: string })[] | null;
  today: StoredFacts['today'];
  openCallId: string | null;
}
type Moment = 'startsAt' | 'endsAt' | 'heldUntil';

/** What the account with the carrier takes in a day, over all tenants. */
export interface AccountCaps {
  dailyCap: number | null;
}

/** A person is not called more often than this in a month by anybody who means to go on calling. */
const HISTORY_LIMIT = 200;

export async function gatherFacts(db: Db, query: FactsQuery): Promise<StoredFacts> {
  const { tenantId, phoneE164, campaignId, contactId, callId, callerNumber, now } = query;
  const [row] = await rowsOf<Row>(
    db,
    Prisma.sql`
    WITH tenant AS (
      SELECT settings, (${now}::timestamptz AT TIME ZONE coalesce(settings ->> 'time_zone', 'UTC'))::date AS day
      FROM (SELECT coalesce((SELECT settings FROM tenant WHERE id = ${tenantId}), '{}') AS settings) AS known
    ), counters AS (
      SELECT scope, key, used FROM dial_counter JOIN tenant ON dial_counter.day = tenant.day
      WHERE (tenant_id, scope, key) IN ((${tenantId}, 'campaign', ${campaignId}), (${tenantId}, 'tenant', '*'), ('*', 'account', '*'), (${tenantId}, 'number', ${callerNumber}))
    )
    SELECT
      (SELECT settings FROM tenant) AS tenant,
      (SELECT jsonb_build_object('status', status, 'policies', policies, 'settings', settings, 'startsAt', starts_at, 'endsAt', ends_at, 'heldUntil', held_until,
                'heldReason', held_reason, 'spentMicros', spent_micros, 'maxConcurrent', max_concurrent, 'openCalls',
                (SELECT count(*) FROM call WHERE call.wrapped_at IS NULL AND call.campaign_id = campaign.id AND call.state NOT IN ('ended', 'released')
                   AND call.id IS DISTINCT FROM ${callId}::uuid AND campaign.settings -> 'budget' IS NOT NULL AND campaign.settings ->> 'budget' IS NOT NULL))
       FROM campaign WHERE id = ${campaignId}::uuid AND tenant_id = ${tenantId}) AS campaign,
      (SELECT jsonb_build_object('country', country, 'regions', regions, 'timeZones', time_zones, 'consent', consent)
       FROM contact_bucket WHERE id = (SELECT bucket_id FROM contact WHERE id = ${contactId}::bigint)) AS bucket,
      (SELECT CASE WHEN entry.tenant_id = '*' THEN 'global' WHEN entry.scope = '*' THEN 'tenant' ELSE 'campaign' END
       FROM blacklist_entry entry
       WHERE entry.phone_e164 = ${phoneE164} AND entry.tenant_id IN ('*', ${tenantId}) AND entry.scope IN ('*', ${campaignId})
         AND (entry.expires_at IS NULL OR entry.expires_at > ${now}::timestamptz)
       ORDER BY entry.tenant_id = '*' DESC, entry.scope = '*' DESC LIMIT 1) AS blacklisted,
      (SELECT jsonb_agg(past) FROM (
         SELECT coalesce(dialed_at, created_at) AS at, exchanges > 0 AS conversation, campaign_id AS "campaignId", disposition FROM call
         WHERE tenant_id = ${tenantId} AND phone_e164 = ${phoneE164} AND state <> 'released' AND id IS DISTINCT FROM ${callId}::uuid
           AND created_at > ${now}::timestamptz - interval '31 days'
         ORDER BY created_at DESC LIMIT ${HISTORY_LIMIT}::int) AS past) AS history,
      (SELECT jsonb_build_object('day', day,
         'campaign', coalesce((SELECT used FROM counters WHERE scope = 'campaign'), 0), 'tenant', coalesce((SELECT used FROM counters WHERE scope = 'tenant'), 0),
         'account', coalesce((SELECT used FROM counters WHERE scope = 'account'), 0), 'number', coalesce((SELECT used FROM counters WHERE scope = 'number'), 0),
         'numberCap', number.daily_cap, 'numberConcurrency', number.max_concurrent)
       FROM tenant LEFT JOIN caller_number number ON number.tenant_id = ${tenantId} AND number.phone_e164 = ${callerNumber}) AS today,
      (SELECT call_id::text FROM in_flight WHERE tenant_id = ${tenantId} AND phone_e164 = ${phoneE164} AND call_id IS DISTINCT FROM ${callId}::uuid) AS "openCallId"`,
  );
  if (!row) throw new Error('a SELECT without FROM answers one row');
  const { tenant, campaign, history, ...rest } = row;
  return {
    ...rest,
    tenant: parseTenantSettings(tenant),
    campaign: campaign && campaignOf(campaign),
    history: (history ?? []).map((past) => ({ ...past, at: new Date(past.at) })),
  };
}

function campaignOf({ settings, startsAt, endsAt, heldUntil, ...campaign }: NonNullable<Row['campaign']>): CampaignFacts {
  const moment = (text: string | null) => (text === null ? null : new Date(text));
  return {
    ...campaign,
    settings: { ...DEFAULT_CAMPAIGN_SETTINGS, ...settings },
    ...{ startsAt: moment(startsAt), endsAt: moment(endsAt), heldUntil: moment(heldUntil) },
  };
}
