import {
  CALLER_NUMBER_SHORTAGES,
  chooseCallerNumbers,
  explain,
  mayDial,
  nextCallingTime,
  nextFreeNumberAt,
  type Verdict,
} from '@carillon/campaigns';
import { CONTACT_CLASSES, type ReasonView, type WhyView } from '@carillon/contracts';
import { refusalOf } from '../calls/refusal-of.js';
import type { AccountCaps } from '../ledger/gather-facts.sql.js';
import type { Db } from '../transaction.js';
import { callerNumberPool } from './caller-number-pool.js';
import { findGatedContact, type GatedContact } from './gate-contact.js';
import { latestEndOfCall } from './open-call-end.sql.js';

const WAITS_FOR = { callback: 'the callback that it was promised', retry: 'its next try', fresh: 'its first call' } as const;

/** Why a contact is called now, or is not, and when it will be; null where the tenant has none with this id. */
export async function whyContact(
  db: Db,
  query: { tenantId: string; contactId: string; account: AccountCaps; now: Date },
): Promise<WhyView | null> {
  const gated = await findGatedContact(db, query);
  if (!gated) return null;
  const { contact, facts } = gated;
  const base = { contact_id: contact.id.toString(), state: contact.state };
  if (contact.state === 'waiting') {
    const own = [...ownReasons(gated), ...(await callReasons(db, gated)), ...(await numberReasons(db, gated))];
    return { ...base, ...waiting({ ...gated, facts: { ...facts, inCall: false } }, own) };
  }
  const nothing = { allowed: false, next_allowed_at: null, policies: [] };
  if (contact.state === 'final') {
    return { ...base, ...nothing, reasons: [], sentences: [`It is final (${contact.disposition ?? 'done'}) and is not called again.`] };
  }
  const reasons = await callReasons(db, gated, 'it is in a call right now, or about to be');
  return { ...base, ...nothing, reasons, sentences: reasons.map(sentence) };
}

/** What the gate does not look at is in `own`; that the person is in a call is there too, for the gate cannot tell until when. */
function waiting(gated: GatedContact, own: readonly ReasonView[]): Omit<WhyView, 'contact_id' | 'state'> {
  const verdict = mayDial(gated.facts);
  const reasons = [...own, ...refusalOf(verdict).reasons];
  return {
    allowed: reasons.length === 0,
    reasons,
    next_allowed_at: reasons.length === 0 ? null : (nextAt(gated, verdict, own)?.toISOString() ?? null),
    policies: verdict.policies,
    sentences: [...own.map(sentence), ...(own.length > 0 && verdict.allowed ? ['Nothing else stands against it now.'] : explain(verdict))],
  };
}

function reason(code: string, message: string, until: Date | null): ReasonView {
  return { code, message, rule: null, until: until?.toISOString() ?? null };
}

/** The contact's own time, and holds by a breaker or the budget. */
function ownReasons({ contact, campaign, facts: { now } }: GatedContact): ReasonView[] {
  const reasons: ReasonView[] = [];
  if (contact.nextAt > now)
    reasons.push(reason('not_due', `it waits for ${WAITS_FOR[CONTACT_CLASSES[contact.class] ?? 'fresh']}`, contact.nextAt));
  if (campaign.heldUntil && campaign.heldUntil > now)
    reasons.push(reason('held', `the campaign is held (${campaign.heldReason ?? 'by a breaker'})`, campaign.heldUntil));
  return reasons;
}

/** The call that the person is in: it ends by then at the latest. */
async function callReasons(db: Db, { contact, facts, openCallId }: GatedContact, own?: string): Promise<ReasonView[]> {
  if (openCallId === null) return own === undefined ? [] : [reason('already_in_call', own, null)];
  const end = await latestEndOfCall(db, { tenantId: contact.tenantId, callId: openCallId });
  const message = `${own ?? 'another call to the person is open'}, which ends by then at the latest`;
  // A call that should be over is ended by the reaper within seconds.
  return [reason('already_in_call', message, end && new Date(Math.max(end.getTime(), facts.now.getTime())))];
}

/** That no number is left to show: all of the campaign's are at a cap, rest, or are switched off. */
async function numberReasons(db: Db, { contact, campaign, facts, day }: GatedContact): Promise<ReasonView[]> {
  const pool = await callerNumberPool(db, { tenantId: contact.tenantId, day, only: campaign.settings.caller_numbers });
  if (pool === null) return [];
  const call = { callId: '', country: facts.bucket.country, regions: facts.bucket.regions, shownBefore: [] };
  const usage = new Map(pool.map(({ number, usage: used }) => [number.phoneE164, used]));
  const numbers = pool.map(({ number }) => number);
  const [choice] = chooseCallerNumbers([call], numbers, usage, facts.now);
  if (!choice || choice.phoneE164 !== null) return [];
  const until = nextFreeNumberAt(numbers, usage, { now: facts.now, dayEndsAt: facts.counts.endsAt });
  return [reason('number_cap', CALLER_NUMBER_SHORTAGES[choice.reason], until)];
}

/** When all that ends by itself has ended, and the phones may ring. */
function nextAt({ facts }: GatedContact, verdict: Verdict, own: readonly ReasonView[]): Date | null {
  if ((!verdict.allowed && verdict.nextAt === null) || own.some(({ until }) => until === null)) return null;
  const ends = [facts.now, verdict.nextAt ?? facts.now, ...own.map(({ until }) => new Date(until ?? 0))];
  return nextCallingTime(facts, new Date(Math.max(...ends.map((end) => end.getTime()))));
}

function sentence({ message, until }: ReasonView): string {
  const start = `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
  return until === null ? `${start}.` : `${start}: until ${until.slice(0, 16).replace('T', ' ')} UTC.`;
}
