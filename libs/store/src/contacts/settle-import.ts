import { finaliseWaitingContacts } from '../campaigns/finalise-waiting-contacts.sql.js';
import type { Store } from '../open-store.js';
import { inTransaction } from '../transaction.js';
import { reopenCampaign } from './reopen-campaign.sql.js';

interface ImportEnd {
  tenantId: string;
  campaignId: string;
  importId: string;
  failure: string | null;
  now: Date;
}

/**
 * Ends the import. While it ran, the campaign may have completed (every contact so far was called) or been cancelled: it then goes on with
 * the new contacts, or those end as cancelled. No contact waits in a campaign that is over.
 */
export async function settleImport(store: Store, { tenantId, campaignId, importId, failure, now }: ImportEnd): Promise<void> {
  await inTransaction(store, async (transaction) => {
    await transaction.prisma.contactImport.updateMany({
      where: { id: importId, tenantId },
      data: { state: failure === null ? 'done' : 'failed', failure, finishedAt: now },
    });
    await reopenCampaign(transaction, { tenantId, campaignId });
    const cancelled = await transaction.prisma.campaign.findFirst({ where: { id: campaignId, tenantId, status: 'cancelled' } });
    if (cancelled) await finaliseWaitingContacts(transaction, { tenantId, campaignId, now });
  });
}
