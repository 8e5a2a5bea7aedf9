import type { DialFacts } from '@carillon/campaigns';
import { gateFactsOf } from '../ledger/gate-facts.js';
import { gatherFacts, type AccountCaps, type CampaignFacts } from '../ledger/gather-facts.sql.js';
import type { Contact } from '../generated/client.js';
import type { Db } from '../transaction.js';

export interface GatedContact {
  contact: Contact;
  campaign: CampaignFacts;
  facts: DialFacts;
  /** The tenant's day, as a date: 2026-03-02. */
  day: string;
  /** Another call to the person that is open. */
  openCallId: string | null;
}

/** A contact with everything that the gate looks at, null where the tenant has none with this id. */
export async function findGatedContact(
  db: Db,
  { tenantId, contactId, account, now }: { tenantId: string; contactId: string; account: AccountCaps; now: Date },
): Promise<GatedContact | null> {
  const contact = await db.prisma.contact.findFirst({ where: { id: BigInt(contactId), tenantId } });
  if (!contact) return null;
  const { phoneE164, campaignId } = contact;
  const own = await db.prisma.campaign.findFirst({ where: { id: campaignId, tenantId }, select: { maxCallMs: true } });
  const stored = await gatherFacts(db, { tenantId, phoneE164, campaignId, contactId: contact.id, callId: null, callerNumber: null, now });
  if (!stored.campaign || !own) return null;
  const facts = gateFactsOf(stored, { phoneE164, campaignId, maxCallMs: own.maxCallMs, charged: false }, account, now);
  return { contact, campaign: stored.campaign, facts, day: stored.today.day, openCallId: stored.openCallId };
}
