import type { CampaignStatus } from '@carillon/contracts';
import type { Db } from '../transaction.js';
import type { LedgerCall } from './ledger-call.js';

/** Whether and by which rules a call may be dialed; a call from the API has no campaign. */
export interface DialRules {
  policy: string;
  campaignStatus: CampaignStatus | null;
}

/** Calls from the API run under this policy until they can name one. */
const POLICY_OF_API_CALLS = 'none';

/** Null when the campaign is gone. */
export async function findDialRules(db: Db, { tenantId, campaignId }: LedgerCall): Promise<DialRules | null> {
  if (campaignId === null) return { policy: POLICY_OF_API_CALLS, campaignStatus: null };
  const campaign = await db.prisma.campaign.findFirst({ where: { id: campaignId, tenantId }, select: { policies: true, status: true } });
  return campaign && { policy: campaign.policies[0] ?? '', campaignStatus: campaign.status };
}
