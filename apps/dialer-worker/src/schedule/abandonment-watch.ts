import { abandonmentLimitOf, type Abandonment } from '@carillon/campaigns';
import { countAbandoned, type RunningCampaign, type Store } from '@carillon/store';
import { before } from '../clock.js';
import { createLookPace } from '../look-pace.js';

/** Thirty days of calls are counted: less often when that takes long. */
const LOOK_EVERY_MS = 10_000;
/** Where no policy names a share: the one that every regulator who names one names, over a day. */
const OWN_LIMIT = { maxShare: 0.03, withinMs: 86_400_000 };

type Overlapping = Pick<RunningCampaign, 'campaignId' | 'policies'>;

/** What share of a campaign's answered calls found no slot: overlap pacing stops overlapping before it reaches the policy's limit. */
export interface AbandonmentWatch {
  of(campaignId: string): Abandonment | null;
  look(campaigns: readonly Overlapping[], now: Date): Promise<void>;
}

export function createAbandonmentWatch(store: Store): AbandonmentWatch {
  let known = new Map<string, Abandonment>();
  const pace = createLookPace(LOOK_EVERY_MS);
  const lookAt = (campaigns: readonly Overlapping[], now: Date) =>
    Promise.all(
      campaigns.map(async ({ campaignId, policies }) => {
        const { maxShare, withinMs } = abandonmentLimitOf(policies) ?? OWN_LIMIT;
        return [campaignId, { ...(await countAbandoned(store, campaignId, before(now, withinMs))), limit: maxShare }] as const;
      }),
    );
  return {
    of: (campaignId) => known.get(campaignId) ?? null,
    async look(campaigns, now) {
      if (campaigns.length === 0) return;
      const looked = await pace.look(now, () => lookAt(campaigns, now));
      if (looked) known = new Map(looked);
      // One that has just begun is not left without its limit until the next look.
      const fresh = campaigns.filter(({ campaignId }) => !known.has(campaignId));
      for (const [campaignId, abandonment] of await lookAt(fresh, now)) known.set(campaignId, abandonment);
    },
  };
}
