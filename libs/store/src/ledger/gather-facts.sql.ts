import {
  DEFAULT_CAMPAIGN_SETTINGS,
  parseTenantSettings,
  type BlacklistScope,
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
  blacklisted: Blacklisted | null;
  /** Charged calls to the person by this tenant, newest first, 31 days back. */
  history: PastCall[];
  /** Calls charged today, by the tenant's day and for the account by its own, and the caps in the ledger. */
  today: {
    day: string;
    accountDay: string;
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
}

/** By the entries that hold now: the scope of the widest, and when the last of them ends (null: never). */
export interface Blacklisted {
  scope: BlacklistScope;
  until: Date | null;
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

export interface FactsRow {
  tenant: object;
  campaign:
    | (Omit<CampaignFacts, 'settings' | 'startsAt' | 'endsAt' | 'heldUntil'> & { settings: Partial<CampaignSettings> } & Record<
          Moment,
          string | null
        >)
    | null;
  bucket: BucketFacts | null;
  blacklisted: { scope: BlacklistScope; until: string | null } | null;
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
  const asked = Prisma.sql`(VALUES (${tenantId}, ${phoneE164}, ${campaignId}::uuid, ${contactId}::bigint, ${callId}::uuid, ${callerNumber}))
    AS asked (tenant_id, phone_e164, campaign_id, contact_id, call_id, caller_number)`;
  const [row] = await rowsOf<FactsRow>(db, Prisma.sql`SELECT ${factsColumns(now)} FROM ${asked}`);
  if (!row) throw new Error('a row of VALUES is a row');
  return factsOf(row);
}

/** The columns of {@link FactsRow}, for each row of a relation `asked` (tenant_id, phone_e164, campaign_id, contact_id, call_id, caller_number). */
export function factsColumns(now: Date): Prisma.Sql {
  return Prisma.sql`
    coalesce((SELECT settings FROM tenant WHERE id = asked.tenant_id), '{}') AS tenant,
    (SELECT jsonb_build_object('status', status, 'policies', policies, 'settings', settings, 'startsAt', starts_at, 'endsAt', ends_at, 'heldUntil', held_until,
              'heldReason', held_reason, 'spentMicros', spent_micros, 'maxConcurrent', max_concurrent)
     FROM campaign WHERE id = asked.campaign_id AND tenant_id = asked.tenant_id) AS campaign,
    (SELECT jsonb_build_object('country', country, 'regions', regions, 'timeZones', time_zones, 'consent', consent)
     FROM contact_bucket WHERE id = (SELECT bucket_id FROM contact WHERE id = asked.contact_id)) AS bucket,
    (SELECT jsonb_build_object(
              'scope', CASE WHEN bool_or(entry.tenant_id = '*') THEN 'global' WHEN bool_or(entry.scope = '*') THEN 'tenant' ELSE 'campaign' END,
              'until', CASE WHEN bool_and(entry.expires_at IS NOT NULL) THEN max(entry.expires_at) END)
     FROM blacklist_entry entry
     WHERE entry.phone_e164 = asked.phone_e164 AND entry.tenant_id IN ('*', asked.tenant_id) AND entry.scope IN ('*', asked.campaign_id::text)
       AND (entry.expires_at IS NULL OR entry.expires_at > ${now}::timestamptz)
     HAVING count(*) > 0) AS blacklisted,
    (SELECT jsonb_agg(past) FROM (
       SELECT coalesce(dialed_at, created_at) AS at, exchanges > 0 AS conversation, campaign_id AS "campaignId", disposition FROM call
       WHERE tenant_id = asked.tenant_id AND phone_e164 = asked.phone_e164 AND state <> 'released' AND id IS DISTINCT FROM asked.call_id
         AND created_at > ${now}::timestamptz - interval '31 days'
       ORDER BY created_at DESC LIMIT ${HISTORY_LIMIT}::int) AS past) AS history,
    (SELECT jsonb_build_object('day', today.day, 'accountDay', today.account_day, 'campaign', coalesce(max(used) FILTER (WHERE wanted.scope = 'campaign'), 0),
              'tenant', coalesce(max(used) FILTER (WHERE wanted.scope = 'tenant'), 0), 'account', coalesce(max(used) FILTER (WHERE wanted.scope = 'account'), 0),
              'number', coalesce(max(used) FILTER (WHERE wanted.scope = 'number'), 0), 'numberCap', max(number.daily_cap), 'numberConcurrency', max(number.max_concurrent))
     FROM (SELECT (${now}::timestamptz AT TIME ZONE coalesce((SELECT settings ->> 'time_zone' FROM tenant WHERE id = asked.tenant_id), 'UTC'))::date AS day,
                  (${now}::timestamptz AT TIME ZONE 'UTC')::date AS account_day) AS today
     CROSS JOIN LATERAL (VALUES (asked.tenant_id, 'campaign', asked.campaign_id::text, today.day), (asked.tenant_id, 'tenant', '*', today.day),
       ('*', 'account', '*', today.account_day), (asked.tenant_id, 'number', asked.caller_number, today.day)) AS wanted (tenant_id, scope, key, day)
     LEFT JOIN dial_counter counter ON counter.tenant_id = wanted.tenant_id AND counter.scope = wanted.scope AND counter.key = wanted.key AND counter.day = wanted.day
     LEFT JOIN caller_number number ON number.tenant_id = asked.tenant_id AND number.phone_e164 = asked.caller_number
     GROUP BY today.day, today.account_day) AS today,
    (SELECT call_id::text FROM in_flight
     WHERE tenant_id = asked.tenant_id AND phone_e164 = asked.phone_e164 AND call_id IS DISTINCT FROM asked.call_id) AS "openCallId"`;
}

export function factsOf({ tenant, campaign, bucket, blacklisted, history, today, openCallId }: FactsRow): StoredFacts {
  return {
    ...{ bucket, today, openCallId },
    blacklisted: blacklisted && { ...blacklisted, until: momentOf(blacklisted.until) },
    tenant: readTenant(tenant),
    campaign: campaign && campaignOf(campaign),
    history: (history ?? []).map((past) => ({ ...past, at: new Date(past.at) })),
  };
}

const tenants = new Map<string, TenantSettings>();

/** Checking them takes longer than everything else here, and they seldom change. */
function readTenant(stored: object): TenantSettings {
  const text = JSON.stringify(stored);
  const known = tenants.get(text);
  if (known) return known;
  if (tenants.size > 1_000) tenants.clear();
  const settings = parseTenantSettings(stored);
  tenants.set(text, settings);
  return settings;
}

function campaignOf({ settings, startsAt, endsAt, heldUntil, ...campaign }: NonNullable<FactsRow['campaign']>): CampaignFacts {
  return {
    ...campaign,
    settings: { ...DEFAULT_CAMPAIGN_SETTINGS, ...settings },
    ...{ startsAt: momentOf(startsAt), endsAt: momentOf(endsAt), heldUntil: momentOf(heldUntil) },
  };
}

function momentOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
