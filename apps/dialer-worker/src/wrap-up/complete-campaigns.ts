import type { LiveChannel } from '@carillon/coordination';
import type { Logger } from '@carillon/platform';
import { completeCampaigns, type Store } from '@carillon/store';
import type { Now } from '../clock.js';

/** Completes the running campaigns, or the one that is named, whose contacts are all final. */
export type CompleteCampaigns = (only?: string) => Promise<void>;

export interface CompleteCampaignsOptions {
  store: Store;
  live: Pick<LiveChannel, 'publish'>;
  log: Logger;
  now: Now;
}

export function createCompleteCampaigns({ store, live, log, now }: CompleteCampaignsOptions): CompleteCampaigns {
  return async (only) => {
    const moment = now();
    for (const { tenantId, campaignId } of await completeCampaigns(store, moment, only)) {
      log.info({ tenantId, campaignId }, 'a campaign is complete');
      await live.publish({ tenantId, at: moment.toISOString(), type: 'campaign.status', campaignId, status: 'completed' });
    }
  };
}
