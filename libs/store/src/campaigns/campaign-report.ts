import { CarillonError, claimCompleteness, type CampaignReport } from '@carillon/contracts';
import type { Db } from '../transaction.js';
import { selectCallFigures, selectCollected } from './campaign-report.sql.js';
import { findCampaign } from './find-campaign.js';

/** Throws `not_found`. `limit` and `offset` page through `collected` only. */
export async function campaignReport(
  db: Db,
  input: { tenantId: string; campaignId: string; limit: number; offset: number },
): Promise<CampaignReport> {
  const campaign = await findCampaign(db, input);
  if (!campaign) throw new CarillonError('not_found', [{ field: 'id', message: 'There is no campaign with this id' }]);
  const [figures, collected] = await Promise.all([selectCallFigures(db, input), selectCollected(db, input)]);
  const { contacts, ...states } = campaign.progress;
  return {
    campaign_id: campaign.id,
    contacts,
    states,
    dispositions: campaign.dispositions,
    calls: figures.calls,
    answered: figures.answered,
    answer_rate: figures.ended === 0 ? null : figures.answeredAndEnded / figures.ended,
    reply_latency_ms: figures.replyLatency,
    collected: collected.map((row) => ({
      phone_number: row.phoneE164,
      call_id: row.callId,
      disposition: row.disposition,
      claim: row.claim,
      completeness: claimCompleteness(campaign.initiate.claim, row.claim),
    })),
  };
}
