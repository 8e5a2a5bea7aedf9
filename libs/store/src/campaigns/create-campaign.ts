import type { CampaignRequest } from '@carillon/contracts';
import { writeAudit } from '../audit/audit-trail.js';
import type { Store } from '../open-store.js';
import { inTransaction } from '../transaction.js';
import { insertCampaign } from './insert-campaign.js';

/** A new campaign, as a draft, with the first line of its audit trail; answers its id. */
export function createCampaign(
  store: Store,
  input: { tenantId: string; actor: string; request: CampaignRequest; now: Date },
): Promise<string> {
  return inTransaction(store, async (transaction) => {
    const { tenantId, actor, now: at } = input;
    const subjectId = await insertCampaign(transaction, input);
    await writeAudit(transaction, { tenantId, actor, action: 'create', subject: 'campaign', subjectId, at });
    return subjectId;
  });
}
