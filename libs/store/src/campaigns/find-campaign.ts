import { demandsOf } from '@carillon/campaigns';
import type { CampaignView } from '@carillon/contracts';
import type { Campaign } from '../generated/client.js';
import type { Db } from '../transaction.js';
import { fieldsOfCampaign } from './campaign-columns.js';
import { countProgress, noProgress } from './campaign-progress.sql.js';

/** Without paging, as the call list. */
const NEWEST = 100;

export async function findCampaign(db: Db, key: { tenantId: string; campaignId: string }): Promise<CampaignView | null> {
  const campaign = await db.prisma.campaign.findFirst({ where: { id: key.campaignId, tenantId: key.tenantId } });
  if (!campaign) return null;
  const [view] = await withProgress(db, key.tenantId, [campaign]);
  return view ?? null;
}

/** Whether the tenant has this campaign, without counting its contacts. */
export async function campaignExists(db: Db, key: { tenantId: string; campaignId: string }): Promise<boolean> {
  return (await db.prisma.campaign.count({ where: { id: key.campaignId, tenantId: key.tenantId } })) > 0;
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

/** The budget's money is kept in millionths. */
const MICROS = 1_000_000;

function toView(campaign: Campaign): Omit<CampaignView, 'progress' | 'dispositions'> {
  const { policy, ...fields } = fieldsOfCampaign(campaign);
  return {
    id: campaign.id,
    status: campaign.status,
    ...fields,
    policies: policy,
    demands: demandsOf(policy).map(({ rule, text, saidByAgent }) => ({ rule, text, said_by_agent: saidByAgent })),
    default_region: campaign.defaultRegion,
    held: campaign.heldReason === null ? null : { until: campaign.heldUntil?.toISOString() ?? null, reason: campaign.heldReason },
    spent: Number(campaign.spentMicros) / MICROS,
    version: campaign.version,
    created_at: campaign.createdAt.toISOString(),
    started_at: campaign.startedAt?.toISOString() ?? null,
    completed_at: campaign.completedAt?.toISOString() ?? null,
  };
}
