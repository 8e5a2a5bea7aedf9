import {
  campaignSettingsSchema,
  type CampaignPatch,
  type CampaignRequest,
  type CampaignSettings,
  type Initiate,
} from '@carillon/contracts';
import type { Campaign, Prisma } from '../generated/client.js';
import { fromJson, storableText, toJson } from '../json.js';

/** All that a campaign is made of and may be changed in. */
export type CampaignFields = Omit<CampaignRequest, 'default_region'>;

/** The columns of a campaign's fields; what has no column of its own lies in `settings`. */
export function campaignColumns(fields: CampaignFields) {
  const { name, policy, initiate, max_concurrent, ring_timeout_ms, max_call_ms, starts_at, ends_at, ...settings } = fields;
  return {
    name: storableText(name),
    policies: policy,
    initiate: toJson(initiate),
    maxConcurrent: max_concurrent,
    ringTimeoutMs: ring_timeout_ms,
    maxCallMs: max_call_ms,
    startsAt: starts_at === null ? null : new Date(starts_at),
    endsAt: ends_at === null ? null : new Date(ends_at),
    settings: toJson(settings),
  } satisfies Partial<Prisma.CampaignUncheckedCreateInput>;
}

/** The settings of a stored campaign; what it was made without has its default. */
export function settingsOfCampaign({ settings, startsAt, endsAt }: Pick<Campaign, 'settings' | 'startsAt' | 'endsAt'>): CampaignSettings {
  const dates = { starts_at: startsAt?.toISOString() ?? null, ends_at: endsAt?.toISOString() ?? null };
  return campaignSettingsSchema.parse({ ...fromJson<object>(settings), ...dates });
}

/** The fields of a stored campaign, as they were sent. */
export function fieldsOfCampaign(campaign: Campaign): CampaignFields {
  const { voice_style = 'none', vocabulary = [], ...initiate } = fromJson<Initiate>(campaign.initiate);
  return {
    name: campaign.name,
    policy: campaign.policies as CampaignFields['policy'],
    initiate: { ...initiate, voice_style, vocabulary },
    max_concurrent: campaign.maxConcurrent,
    ring_timeout_ms: campaign.ringTimeoutMs,
    max_call_ms: campaign.maxCallMs,
    ...settingsOfCampaign(campaign),
  };
}

/** The fields after a change: what it does not name stays as it is. */
export function patchedFields(fields: CampaignFields, { version: _version, ...patch }: CampaignPatch): CampaignFields {
  const named = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  return { ...fields, ...named };
}
