import type { CampaignAction, CampaignView } from '@carillon/contracts';
import { changeCampaignStatus, type ApiIdentity } from '@carillon/store';
import type { ApiParts } from '../api-parts.js';

/** Starts, pauses, resumes or cancels a campaign and tells those who watch. Throws `not_found`, `wrong_campaign_state`. */
export async function moveCampaign(
  { store, live, now }: ApiParts,
  { tenantId, label: actor }: ApiIdentity,
  { campaignId, action }: { campaignId: string; action: CampaignAction },
): Promise<CampaignView> {
  const at = now();
  const campaign = await changeCampaignStatus(store, { tenantId, campaignId, action, actor, now: at });
  await live.publish({ type: 'campaign.status', tenantId, at: at.toISOString(), campaignId, status: campaign.status });
  return campaign;
}
