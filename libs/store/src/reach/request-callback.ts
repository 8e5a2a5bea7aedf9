import { mayDialBucket, nextCallingTime } from '@carillon/campaigns';
import { CarillonError, isCampaignOver, RefusedError, type ContactView, type Disposition } from '@carillon/contracts';
import { writeAudit } from '../audit/audit-trail.js';
import { refusalOf } from '../calls/refusal-of.js';
import { lockCampaignOf } from '../ledger/campaign-end.sql.js';
import type { AccountCaps } from '../ledger/gather-facts.sql.js';
import type { Store } from '../open-store.js';
import { inTransaction } from '../transaction.js';
import { contactView } from './find-contacts.js';
import { findGatedContact, type GatedContact } from './gate-contact.js';

interface CallbackRequest {
  tenantId: string;
  contactId: string;
  /** When the person asked to be called. */
  at: Date;
  actor: string;
  account: AccountCaps;
  now: Date;
}

/** Who must not be called again, whatever anybody asks for. */
const NEVER: readonly (Disposition | null)[] = ['blacklisted', 'opted_out', 'invalid_number'];

/**
 * Promises a contact a call at an instant: it waits, before all others, for the first allowed instant from then on; also when it was final. Throws `not_found`,
 * `invalid_body` for the past, `wrong_campaign_state`, `wrong_contact_state`, and `refused` when it could never be called.
 */
export function requestCallback(store: Store, request: CallbackRequest): Promise<ContactView> {
  const { tenantId, contactId, at, actor, now } = request;
  return inTransaction(store, async (transaction) => {
    await lockCampaignOf(transaction, request);
    const gated = await findGatedContact(transaction, request);
    if (!gated) throw new CarillonError('not_found', [{ field: 'id', message: 'There is no contact with this id' }]);
    refuseUnfit(gated, at, now);
    const nextAt = firstAllowed(gated, at);
    const { contact } = gated;
    const { count } = await transaction.prisma.contact.updateMany({
      where: { id: contact.id, tenantId, state: contact.state, disposition: contact.disposition },
      data: { state: 'waiting', class: 0, nextAt, blocked: null, finalAt: null },
    });
    if (count === 0) throw inCall();
    const changes = { next_at: { from: contact.state === 'final' ? null : contact.nextAt, to: nextAt } };
    await writeAudit(transaction, { tenantId, actor, action: 'callback', subject: 'contact', subjectId: contactId, changes, at: now });
    return contactView({ ...contact, state: 'waiting', class: 0, nextAt, blocked: null, finalAt: null });
  });
}

function refuseUnfit({ contact, campaign }: GatedContact, at: Date, now: Date): void {
  if (at <= now) throw new CarillonError('invalid_body', [{ field: 'at', message: 'has passed' }]);
  if (isCampaignOver(campaign.status)) {
    const message = `The campaign is ${campaign.status}; ask for a call of its own with POST /call and "not_before"`;
    throw new CarillonError('wrong_campaign_state', [{ field: 'status', message }]);
  }
  if (contact.state !== 'waiting' && contact.state !== 'final') throw inCall();
  if (contact.state === 'final' && NEVER.includes(contact.disposition as Disposition | null)) {
    throw new CarillonError('wrong_contact_state', [
      { field: 'disposition', message: `The contact is final as ${contact.disposition}; it is not called again` },
    ]);
  }
}

function firstAllowed({ facts }: GatedContact, at: Date): Date {
  const nextAt = nextCallingTime(facts, at);
  if (nextAt !== null) return nextAt;
  const campaign = facts.campaign && { ...facts.campaign, status: 'running' as const };
  throw new RefusedError(refusalOf(mayDialBucket({ ...facts, campaign, now: at })));
}

function inCall(): CarillonError {
  return new CarillonError('wrong_contact_state', [
    { field: 'state', message: 'The contact is in a call, or about to be; try again when it has ended' },
  ]);
}
