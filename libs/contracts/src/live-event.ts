import type { Claim } from './claim-field.js';
import type { Disposition } from './disposition.js';

/**
 * What happens right now, published to the tenant's channel and streamed by `GET /events` (server-sent events). For screens only: nothing
 * is decided by it, and a lost event loses nothing but a line on a screen.
 */
export type LiveEvent = { tenantId: string; at: string } & (
  | { type: 'call.dialing'; callId: string; campaignId: string | null; phoneE164: string }
  | { type: 'call.ringing'; callId: string; campaignId: string | null }
  | { type: 'call.answered'; callId: string; campaignId: string | null }
  | { type: 'call.said'; callId: string; persona: 'human' | 'assistant'; content: string }
  | { type: 'call.claim'; callId: string; claim: Claim }
  | { type: 'call.ended'; callId: string; campaignId: string | null; disposition: Disposition }
  | { type: 'campaign.status'; campaignId: string; status: string }
);
