import type { CampaignStatus } from '@carillon/contracts';
import type { LiveChannel } from '@carillon/coordination';
import type { Logger } from '@carillon/platform';
import {
  beginScheduledCampaigns,
  countUnaccountedContacts,
  endOverdueCampaigns,
  expireStragglers,
  finaliseStragglers,
  listSpentCampaigns,
  pauseCampaign,
  type CampaignKey,
  type Store,
} from '@carillon/store';
import { before, type Now } from '../clock.js';
import { deadlines } from '../deadlines.js';
import type { DialerMetrics } from '../dialer-metrics.js';
import { createLookPace } from '../look-pace.js';
import type { CompleteCampaigns } from '../wrap-up/complete-campaigns.js';
import type { ReaperStep } from './reaper.js';

/** Each run of the reaper; it reads every contact of the campaigns under way, so that of millions it is less often. */
const COUNT_EVERY_MS = 0;
const STRAGGLERS_AT_ONCE = 5_000;

export interface ReapCampaignsOptions {
  store: Store;
  complete: CompleteCampaigns;
  live: Pick<LiveChannel, 'publish'>;
  metrics: DialerMetrics;
  log: Logger;
  now: Now;
}

/**
 * Campaigns whose first or last date has come, whose money is spent, or whose last wrap-up died before completing them; contacts that an end missed; and the
 * count that must be zero.
 */
export function createReapCampaigns(options: ReapCampaignsOptions): ReaperStep {
  const { store, complete, metrics, now } = options;
  const counting = createLookPace(COUNT_EVERY_MS);
  const count = async (moment: Date, overSince: Date) => {
    try {
      const unaccounted = await counting.look(moment, () => countUnaccountedContacts(store, overSince));
      if (unaccounted !== null) metrics.unaccounted(unaccounted);
    } catch (error) {
      metrics.unaccounted(NaN); // nobody knows: the last count would look like today's
      throw error;
    }
  };
  return {
    name: 'campaigns',
    async run() {
      const moment = now();
      await announce(options, await beginScheduledCampaigns(store, moment), 'running');
      await announce(options, await endOverdueCampaigns(store, moment), 'completed');
      await stopSpent(options, moment);
      await complete();
      const overSince = before(moment, deadlines.cancelledMs);
      await finaliseStragglers(store, { cancelledAfter: overSince, now: moment, limit: STRAGGLERS_AT_ONCE });
      await expireStragglers(store, { endedAfter: overSince, now: moment, limit: STRAGGLERS_AT_ONCE });
      await count(moment, overSince);
    },
  };
}

async function stopSpent(options: ReapCampaignsOptions, moment: Date): Promise<void> {
  for (const campaign of await listSpentCampaigns(options.store)) {
    if (await pauseCampaign(options.store, campaign, 'budget: what is left does not pay for another call', moment))
      await announce(options, [campaign], 'paused');
  }
}

async function announce(
  { live, log, now }: ReapCampaignsOptions,
  campaigns: readonly CampaignKey[],
  status: CampaignStatus,
): Promise<void> {
  for (const { tenantId, campaignId } of campaigns) {
    log.info({ tenantId, campaignId, status }, 'a campaign moved by itself');
    await live.publish({ tenantId, at: now().toISOString(), type: 'campaign.status', campaignId, status });
  }
}
