import type { LiveEvent } from '@carillon/contracts';

/** Tells the events of one campaign. What is said in a call names the call only, so its calls are remembered: first those that were open at the start. */
export function createCampaignFilter(campaignId: string): { know(callIds: Iterable<string>): void; passes(event: LiveEvent): boolean } {
  const calls = new Set<string>();
  return {
    know(callIds) {
      for (const callId of callIds) calls.add(callId);
    },
    passes(event) {
      if (!('campaignId' in event)) return calls.has(event.callId);
      if (event.campaignId !== campaignId) return false;
      if (event.type === 'call.ended') calls.delete(event.callId);
      else if (event.type !== 'campaign.status') calls.add(event.callId);
      return true;
    },
  };
}
