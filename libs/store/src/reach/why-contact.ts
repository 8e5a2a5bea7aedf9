import { explain, mayDial, nextCallingTime, type Verdict } from '@carillon/campaigns';
import { CONTACT_CLASSES, type ReasonView, type WhyView } from '@carillon/contracts';
import { refusalOf } from '../calls/refusal-of.js';
import type { AccountCaps } from '../ledger/gather-facts.sql.js';
import type { Db } from '../transaction.js';
import { findGatedContact, type GatedContact } from './gate-contact.js';

const WAITS_FOR = { callback: 'the callback that it was promised', retry: 'its next try', fresh: 'its first call' } as const;

/** Why a contact is called now, or is not, and when it will be; null where the tenant has none with this id. */
export async function whyContact(
  db: Db,
  query: { tenantId: string; contactId: string; account: AccountCaps; now: Date },
): Promise<WhyView | null> {
  const gated = await findGatedContact(db, query);
  if (!gated) return null;
  const { state } = gated.contact;
  const base = { contact_id: gated.contact.id.toString(), state };
  if (state === 'waiting') return { ...base, ...waiting(gated, query.now) };
  const nothing = { allowed: false, reasons: [], next_allowed_at: null, policies: [] };
  return {
    ...base,
    ...nothing,
    sentences: [
      state === 'final'
        ? `It is final (${gated.contact.disposition ?? 'done'}) and is not called again.`
        : 'It is in a call right now, or about to be.',
    ],
  };
}

function waiting(gated: GatedContact, now: Date): Omit<WhyView, 'contact_id' | 'state'> {
  const verdict = mayDial(gated.facts);
  const own = ownReasons(gated, now);
  const reasons = [...own, ...refusalOf(verdict).reasons];
  return {
    allowed: reasons.length === 0,
    reasons,
    next_allowed_at: reasons.length === 0 ? null : (nextAt(gated, verdict, own)?.toISOString() ?? null),
    policies: verdict.policies,
    sentences: [...own.map(sentence), ...(own.length > 0 && verdict.allowed ? ['Nothing else stands against it now.'] : explain(verdict))],
  };
}

/** What the gate does not look at: the contact's own time, and holds by a breaker or the budget. */
function ownReasons({ contact, campaign }: GatedContact, now: Date): ReasonView[] {
  const reasons: ReasonView[] = [];
  const add = (code: string, message: string, until: Date) => reasons.push({ code, message, rule: null, until: until.toISOString() });
  if (contact.nextAt > now) add('not_due', `it waits for ${WAITS_FOR[CONTACT_CLASSES[contact.class] ?? 'fresh']}`, contact.nextAt);
  if (campaign.heldUntil && campaign.heldUntil > now)
    add('held', `the campaign is held (${campaign.heldReason ?? 'by a breaker'})`, campaign.heldUntil);
  return reasons;
}

/** When all that ends by itself has ended, and the phones may ring. */
function nextAt({ facts }: GatedContact, verdict: Verdict, own: readonly ReasonView[]): Date | null {
  if (!verdict.allowed && verdict.nextAt === null) return null;
  const ends = [facts.now, verdict.nextAt ?? facts.now, ...own.map(({ until }) => new Date(until ?? 0))];
  return nextCallingTime(facts, new Date(Math.max(...ends.map((end) => end.getTime()))));
}

function sentence({ message, until }: ReasonView): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}: until ${until?.slice(0, 16).replace('T', ' ')} UTC.`;
}
