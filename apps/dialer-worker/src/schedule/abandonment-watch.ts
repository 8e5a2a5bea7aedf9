import { abandonmentLimitOf, type Abandonment } from '@carillon/campaigns';
import { countAbandoned, type RunningCampaign, type Store } from '@carillon/store';
import { before } from '../clock.js';

const LOOK_EVERY_MS = 10_000;
/** Where no policy names a share: the one that every regulator who names one names, over a day. */
const OWN_LIMIT = { maxShare: 0.03, withinMs: 86_400_000 };

/** What share of a campaign's answered calls found no slot: overlap pacing stops overlapping before it reaches the policy's limit. */
export interface AbandonmentWatch {
  of(campaignId: string): Abandonment | null;
  look(campaigns: readonly Pick<RunningCampaign, 'campaignId' | 'policies'>[], now: Date): Promise<void>;
}

export function createAbandonmentWatch(store: Store): AbandonmentWatch {
  let known = new Map<string, Abandonment>();
  let lookedAt = new Date(0);
  return {
    of: (campaignId) => known.get(campaignId) ?? null,
    async look(campaigns, now) {
      if (campaigns.length === 0 || now.getTime() - lookedAt.getTime() < LOOK_EVERY_MS) return;
      lookedAt = now;
      const looked = campaigns.map(async ({ campaignId, policies }) => {
        const { maxShare, withinMs } = abandonmentLimitOf(policies) ?? OWN_LIMIT;
        return [campaignId, { ...(await countAbandoned(store, campaignId, before(now, withinMs))), limit: maxShare }] as const;
      });
      known = new Map(await Promise.all(looked));
    },
  };
}
