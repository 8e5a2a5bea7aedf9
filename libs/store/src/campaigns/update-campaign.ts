import {
  CarillonError,
  endsAfterStart,
  ENDS_AFTER_START,
  isCampaignOver,
  type CampaignPatch,
  type CampaignView,
} from '@carillon/contracts';
import { changesBetween, writeAudit } from '../audit/audit-trail.js';
import type { Campaign } from '../generated/client.js';
import type { Store } from '../open-store.js';
import { inTransaction, type Db } from '../transaction.js';
import { campaignColumns, fieldsOfCampaign, patchedFields, type CampaignFields } from './campaign-columns.js';
import { findCampaign } from './find-campaign.js';
import { refuseRingTimeout } from './refuse-ring-timeout.js';

interface CampaignUpdate {
  tenantId: string;
  campaignId: string;
  patch: CampaignPatch;
  actor: string;
  now: Date;
}

/** Others that change the campaign in the same instant: each try that fails means that one of them got through. */
const MAX_TRIES = 10;

/**
 * Changes a campaign, also one that runs: the next look of the engine goes by the new values. Throws `not_found`, `wrong_campaign_state` when it is over,
 * `stale_version` when the change was made against an older one, `invalid_body` when the whole would not do.
 */
export async function updateCampaign(store: Store, update: CampaignUpdate): Promise<CampaignView> {
  await inTransaction(store, async (transaction) => {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) if (await tryUpdate(transaction, update)) return;
    throw new CarillonError('stale_version', [{ field: 'version', message: 'others keep changing this campaign; try again' }]);
  });
  const campaign = await findCampaign(store, update);
  if (!campaign) throw notFound();
  return campaign;
}

/** False when somebody else was quicker. */
async function tryUpdate(transaction: Db, { tenantId, campaignId, patch, actor, now }: CampaignUpdate): Promise<boolean> {
  const row = await transaction.prisma.campaign.findFirst({ where: { id: campaignId, tenantId } });
  if (!row) throw notFound();
  refuseStale(row, patch);
  const before = fieldsOfCampaign(row);
  const after = patchedFields(before, patch);
  refuseOdd(after);
  const changes = changesBetween(before, after);
  if (Object.keys(changes).length === 0) return true;
  if ('policy' in changes || 'ring_timeout_ms' in changes) refuseRingTimeout(after);
  // A new budget is a new start; what a breaker holds goes on being held.
  const hold = 'budget' in changes && row.heldReason?.startsWith('budget') ? { heldUntil: null, heldReason: null } : {};
  const { count } = await transaction.prisma.campaign.updateMany({
    where: { id: campaignId, tenantId, version: row.version, status: row.status },
    data: { ...campaignColumns(after), ...hold, version: { increment: 1 } },
  });
  if (count === 0) return false;
  await writeAudit(transaction, { tenantId, actor, action: 'update', subject: 'campaign', subjectId: campaignId, changes, at: now });
  return true;
}

function refuseStale({ status, version }: Campaign, patch: CampaignPatch): void {
  if (isCampaignOver(status)) {
    throw new CarillonError('wrong_campaign_state', [
      { field: 'status', message: `The campaign is ${status} and cannot be changed any more` },
    ]);
  }
  if (patch.version === undefined || patch.version === version) return;
  const message = `The campaign is at version ${version}, the change was made against ${patch.version}; read it again and repeat the change`;
  throw new CarillonError('stale_version', [{ field: 'version', message }]);
}

function refuseOdd(fields: CampaignFields): void {
  if (endsAfterStart(fields)) return;
  throw new CarillonError('invalid_body', [{ field: ENDS_AFTER_START.path.join('.'), message: ENDS_AFTER_START.message }]);
}

function notFound(): CarillonError {
  return new CarillonError('not_found', [{ field: 'id', message: 'There is no campaign with this id' }]);
}
