import type { CampaignView } from '@carillon/contracts';
import { changeCampaignStatus, type CampaignAction } from '@carillon/store';
import type { ApiParts } from '../api-parts.js';

/** Starts, pauses, resumes or cancels a campaign and tells those who watch. Throws `not_found`, `wrong_campaign_state`. */
export async function moveCampaign(
  { store, live, now }: ApiParts,
  move: { tenantId: string; campaignId: string; action: CampaignAction },
): Promise<CampaignView> {
  const at = now();
  const campaign = await changeCampaignStatus(store, { ...move, now: at });
  const { tenantId, campaignId } = move;
  await live.publish({ type: 'campaign.status', tenantId, at: at.toISOString(), campaignId, status: campaign.status });
  return campaign;
}
