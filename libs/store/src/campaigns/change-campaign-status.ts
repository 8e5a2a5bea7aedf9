import {
  CAMPAIGN_TRANSITIONS,
  CarillonError,
  nextCampaignStatus,
  type CampaignAction,
  type CampaignStatus,
  type CampaignView,
} from '@carillon/contracts';
import { writeAudit } from '../audit/audit-trail.js';
import type { Campaign, Prisma } from '../generated/client.js';
import type { Store } from '../open-store.js';
import { inTransaction, type Db } from '../transaction.js';
import { clearCampaign } from './clear-campaign.js';
import { findCampaign } from './find-campaign.js';

interface StatusChange {
  tenantId: string;
  campaignId: string;
  action: CampaignAction;
  /** Label of the API key. */
  actor: string;
  now: Date;
}

/** Others that move the campaign in the same instant: each try that fails means that one of them got through. */
const MAX_TRIES = 10;

/**
 * Moves the campaign on. Calls that are open go on when it pauses or is cancelled; when it is cancelled, calls that were not dialed yet are taken back, and
 * contacts that wait become final. Throws `not_found`, or `wrong_campaign_state` with the states that allow the action.
 */
export async function changeCampaignStatus(store: Store, change: StatusChange): Promise<CampaignView> {
  await inTransaction(store, async (transaction) => {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) if (await tryMove(transaction, change)) return;
    throw new CarillonError('stale_version', [{ field: 'status', message: 'others keep changing this campaign; try again' }]);
  });
  if (change.action === 'cancel') await clearCampaign(store, change);
  const campaign = await findCampaign(store, change);
  if (!campaign) throw notFound();
  return campaign;
}

/** False when somebody else was quicker. */
async function tryMove(transaction: Db, { tenantId, campaignId, action, actor, now }: StatusChange): Promise<boolean> {
  const row = await transaction.prisma.campaign.findFirst({ where: { id: campaignId, tenantId } });
  if (!row) throw notFound();
  // A campaign that the engine holds is running in its own eyes: to resume it is to end the hold.
  const liftsHold = action === 'resume' && row.status === 'running' && row.heldUntil !== null;
  const to = liftsHold ? 'running' : nextCampaignStatus(row.status, action, { startsAt: row.startsAt, now });
  if (to === null) throw refusal(action, row, now);
  if (action === 'start') await refuseEmpty(transaction, row);
  const { count } = await transaction.prisma.campaign.updateMany({
    where: { id: campaignId, tenantId, status: row.status, version: row.version },
    data: { status: to, version: { increment: 1 }, ...stampsOf(action, to, now) },
  });
  if (count === 0) return false;
  const changes = { status: { from: row.status, to } };
  await writeAudit(transaction, { tenantId, actor, action, subject: 'campaign', subjectId: campaignId, changes, at: now });
  return true;
}

function stampsOf(action: CampaignAction, to: CampaignStatus, now: Date): Prisma.CampaignUpdateManyMutationInput {
  if (action === 'cancel') return { completedAt: now };
  // Who resumes has seen why it was held.
  if (action === 'resume') return { heldUntil: null, heldReason: null };
  return action === 'start' && to === 'running' ? { startedAt: now } : {};
}

async function refuseEmpty(transaction: Db, { tenantId, id }: Campaign): Promise<void> {
  if (await transaction.prisma.contact.findFirst({ where: { tenantId, campaignId: id }, select: { id: true } })) return;
  const message = `The campaign has no contacts; upload a CSV file first: POST /campaigns/${id}/contacts`;
  throw new CarillonError('wrong_campaign_state', [{ field: 'contacts', message }]);
}

function refusal(action: CampaignAction, { status, startsAt }: Campaign, now: Date): CarillonError {
  if (action === 'start' && status === 'scheduled' && startsAt !== null && startsAt > now) {
    const message = `The campaign is scheduled and starts at ${startsAt.toISOString()}; to start it now, PATCH "starts_at" to null`;
    return new CarillonError('wrong_campaign_state', [{ field: 'starts_at', message }]);
  }
  const allowed = CAMPAIGN_TRANSITIONS[action].from.join(' or ');
  const message = `The campaign is ${status}; only one that is ${allowed} can ${action === 'cancel' ? 'be cancelled' : action}`;
  return new CarillonError('wrong_campaign_state', [{ field: 'status', message }]);
}

function notFound(): CarillonError {
  return new CarillonError('not_found', [{ field: 'id', message: 'There is no campaign with this id' }]);
}
