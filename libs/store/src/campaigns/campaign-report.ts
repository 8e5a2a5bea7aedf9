import { CarillonError, type CampaignView, type Claim, type Disposition } from '@carillon/contracts';
import { claimCompleteness } from '@carillon/contracts';
import type { Db } from '../transaction.js';
import { selectCallFigures, selectCollected, type ReplyLatency } from './campaign-report.sql.js';
import { findCampaign } from './find-campaign.js';

/** `GET /campaigns/{id}/report` */
export interface CampaignReport {
  campaign_id: string;
  contacts: number;
  /** Contacts by state; they add up to `contacts`. */
  states: Omit<CampaignView['progress'], 'contacts'>;
  /** Final contacts by the outcome of their last call. */
  dispositions: Partial<Record<Disposition, number>>;
  /** Calls that were sent, or may have been. */
  calls: number;
  answered: number;
  /** Answered calls of those that have ended, 0–1; null before the first end. */
  answer_rate: number | null;
  /** From the last voiced sample of the person to our first audio, milliseconds, over `n` turns. */
  reply_latency_ms: ReplyLatency;
  /** One page of contacts, in the order of their upload. */
  collected: CollectedRow[];
}

export interface CollectedRow {
  phone_number: string;
  call_id: string | null;
  disposition: Disposition | null;
  claim: Claim;
  completeness: number;
}

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
