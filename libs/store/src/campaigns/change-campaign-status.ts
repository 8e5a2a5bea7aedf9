import { CarillonError, type CampaignStatus, type CampaignView } from '@carillon/contracts';
import type { Store } from '../open-store.js';
import { inTransaction, type Db } from '../transaction.js';
import { finaliseWaitingContacts } from './finalise-waiting-contacts.sql.js';
import { findCampaign } from './find-campaign.js';

export const CAMPAIGN_ACTIONS = ['start', 'pause', 'resume', 'cancel'] as const;
export type CampaignAction = (typeof CAMPAIGN_ACTIONS)[number];

const TRANSITIONS: Record<CampaignAction, { from: readonly CampaignStatus[]; to: CampaignStatus }> = {
  start: { from: ['draft', 'scheduled'], to: 'running' },
  pause: { from: ['running'], to: 'paused' },
  resume: { from: ['paused'], to: 'running' },
  cancel: { from: ['draft', 'scheduled', 'running', 'paused'], to: 'cancelled' },
};

interface StatusChange {
  tenantId: string;
  campaignId: string;
  action: CampaignAction;
  now: Date;
}

/**
 * Moves the campaign on. Calls that are open go on when it pauses or is cancelled; contacts nobody has called yet become final when it is
 * cancelled. Throws `not_found`, or `wrong_campaign_state` with the states that allow the action.
 */
export function changeCampaignStatus(store: Store, change: StatusChange): Promise<CampaignView> {
  return inTransaction(store, async (transaction) => {
    const moved = await compareAndSet(transaction, change);
    const campaign = await findCampaign(transaction, change);
    if (!campaign) throw new CarillonError('not_found', [{ field: 'id', message: 'There is no campaign with this id' }]);
    if (!moved) throw refusal(change.action, campaign.status);
    if (change.action === 'start' && campaign.progress.contacts === 0) throw withoutContacts(campaign.id);
    if (change.action !== 'cancel') return campaign;
    await finaliseWaitingContacts(transaction, change);
    return (await findCampaign(transaction, change)) ?? campaign;
  });
}

async function compareAndSet(transaction: Db, { tenantId, campaignId, action, now }: StatusChange): Promise<boolean> {
  const { from, to } = TRANSITIONS[action];
  const times = { start: { startedAt: now }, cancel: { completedAt: now }, pause: {}, resume: {} }[action];
  const { count } = await transaction.prisma.campaign.updateMany({
    where: { id: campaignId, tenantId, status: { in: [...from] } },
    data: { status: to, ...times },
  });
  return count > 0;
}

function refusal(action: CampaignAction, status: CampaignStatus): CarillonError {
  const allowed = TRANSITIONS[action].from.join(' or ');
  const message = `The campaign is ${status}; only one that is ${allowed} can ${action === 'cancel' ? 'be cancelled' : action}`;
  return new CarillonError('wrong_campaign_state', [{ field: 'status', message }]);
}

function withoutContacts(campaignId: string): CarillonError {
  const message = `The campaign has no contacts; upload a CSV file first: POST /campaigns/${campaignId}/contacts`;
  return new CarillonError('wrong_campaign_state', [{ field: 'contacts', message }]);
}
