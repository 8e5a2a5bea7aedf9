import type { CampaignView, Initiate } from '@carillon/contracts';
import type { Campaign } from '../generated/client.js';
import { fromJson } from '../json.js';
import type { Db } from '../transaction.js';
import { countProgress, noProgress } from './campaign-progress.sql.js';

/** Without paging, as the call list. */
const NEWEST = 100;

export async function findCampaign(db: Db, key: { tenantId: string; campaignId: string }): Promise<CampaignView | null> {
  const campaign = await db.prisma.campaign.findFirst({ where: { id: key.campaignId, tenantId: key.tenantId } });
  if (!campaign) return null;
  const [view] = await withProgress(db, key.tenantId, [campaign]);
  return view ?? null;
}

/** The newest campaigns of the tenant, newest first. */
export async function listCampaigns(db: Db, filter: { tenantId: string }): Promise<CampaignView[]> {
  const campaigns = await db.prisma.campaign.findMany({
    where: { tenantId: filter.tenantId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: NEWEST,
  });
  return withProgress(db, filter.tenantId, campaigns);
}

async function withProgress(db: Db, tenantId: string, campaigns: Campaign[]): Promise<CampaignView[]> {
  const ids = campaigns.map(({ id }) => id);
  const counts = await countProgress(db, tenantId, ids);
  return campaigns.map((campaign) => ({ ...toView(campaign), ...(counts.get(campaign.id) ?? noProgress()) }));
}

function toView(campaign: Campaign): Omit<CampaignView, 'progress' | 'dispositions'> {
  return {
    id: campaign.id,
    name: campaign.name,
    status: campaign.status,
    policies: campaign.policies,
    default_region: campaign.defaultRegion,
    initiate: fromJson<Initiate>(campaign.initiate),
    max_concurrent: campaign.maxConcurrent,
    ring_timeout_ms: campaign.ringTimeoutMs,
    max_call_ms: campaign.maxCallMs,
    created_at: campaign.createdAt.toISOString(),
    started_at: campaign.startedAt?.toISOString() ?? null,
    completed_at: campaign.completedAt?.toISOString() ?? null,
  };
}
