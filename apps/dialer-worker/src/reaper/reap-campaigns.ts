import { countUnaccountedContacts, type Store } from '@carillon/store';
import type { DialerMetrics } from '../dialer-metrics.js';
import type { CompleteCampaigns } from '../wrap-up/complete-campaigns.js';
import type { ReaperStep } from './reaper.js';

/** Campaigns whose last wrap-up died before completing them, and the count that must be zero. */
export function createReapCampaigns(options: { store: Store; complete: CompleteCampaigns; metrics: DialerMetrics }): ReaperStep {
  return {
    name: 'campaigns',
    async run() {
      await options.complete();
      options.metrics.unaccounted(await countUnaccountedContacts(options.store));
    },
  };
}
