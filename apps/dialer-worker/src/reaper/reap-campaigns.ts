import { countUnaccountedContacts, finaliseStragglers, type Store } from '@carillon/store';
import { before, type Now } from '../clock.js';
import { deadlines } from '../deadlines.js';
import type { DialerMetrics } from '../dialer-metrics.js';
import type { CompleteCampaigns } from '../wrap-up/complete-campaigns.js';
import type { ReaperStep } from './reaper.js';

const STRAGGLERS_AT_ONCE = 5_000;

/** Campaigns whose last wrap-up died before completing them, contacts that a cancellation missed, and the count that must be zero. */
export function createReapCampaigns(options: { store: Store; complete: CompleteCampaigns; metrics: DialerMetrics; now: Now }): ReaperStep {
  return {
    name: 'campaigns',
    async run() {
      await options.complete();
      const moment = options.now();
      const cancelledAfter = before(moment, deadlines.cancelledMs);
      await finaliseStragglers(options.store, { cancelledAfter, now: moment, limit: STRAGGLERS_AT_ONCE });
      options.metrics.unaccounted(await countUnaccountedContacts(options.store, cancelledAfter));
    },
  };
}
