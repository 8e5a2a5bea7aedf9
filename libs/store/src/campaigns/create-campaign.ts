import type { CampaignRequest } from '@carillon/contracts';
import { writeAudit } from '../audit/audit-trail.js';
import type { Store } from '../open-store.js';
import { inTransaction } from '../transaction.js';
import { insertCampaign } from './insert-campaign.js';
import { refuseRingTimeout } from './refuse-ring-timeout.js';

/** A new campaign, as a draft, with the first line of its audit trail; answers its id. Throws `invalid_body` for a ring timeout that its policies do not allow. */
export async function createCampaign(
  store: Store,
  input: { tenantId: string; actor: string; request: CampaignRequest; now: Date },
): Promise<string> {
  refuseRingTimeout(input.request);
  return inTransaction(store, async (transaction) => {
    const { tenantId, actor, now: at } = input;
    const subjectId = await insertCampaign(transaction, input);
    await writeAudit(transaction, { tenantId, actor, action: 'create', subject: 'campaign', subjectId, at });
    return subjectId;
  });
}
