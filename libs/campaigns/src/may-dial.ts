import type { CampaignStatus } from '@carillon/contracts';

/** What the gate looks at. A call without a campaign comes from the API and has no campaign state. */
export interface DialRequest {
  policy: string;
  campaignStatus: CampaignStatus | null;
}

export type DialDecision = { allowed: true; reasons: string[] } | { allowed: false; reasons: string[] };

/**
 * The one gate before any phone is dialed: campaign, API, retry and callback calls alike. The strictest answer wins, and a missing fact means no: an
 * unknown policy lets nothing pass.
 */
export function mayDial({ policy, campaignStatus }: DialRequest): DialDecision {
  if (campaignStatus !== null && campaignStatus !== 'running') return { allowed: false, reasons: [`the campaign is ${campaignStatus}`] };
  if (policy !== 'none') return { allowed: false, reasons: [`there is no policy "${policy}"`] };
  return { allowed: true, reasons: ['policy "none": nothing is checked'] };
}
