import { groupBy } from './group-by.js';
import { findBlacklistedDialed } from './blacklisted-dialed.js';
import { findDoubleDials } from './double-dials.js';
import { findLost } from './lost-contacts.js';
import { findOutsideWindow } from './outside-window.js';
import { findOverCap } from './over-cap.js';
import { findOverConcurrency } from './over-concurrency.js';
import type { RowKind, RunFacts } from './run-facts.js';
import type { Violation } from './violation.js';

export interface Verdict {
  calls: number;
  /** People who may be called. */
  callable: number;
  /** Those of them whose phone was answered. */
  reached: number;
  /** Rows that were never called, for the reason that the run had prepared for them. */
  blocked: { window: number; cap: number; blacklist: number };
  violations: Violation[];
}

/** Judges a run by the carrier's log, the uploaded rows, and the states that Postgres holds at the end. */
export function judge(facts: RunFacts): Verdict {
  const { calls, rows } = facts;
  const callable = new Set(rows.filter(({ kind }) => kind === 'callable').map(({ phoneE164 }) => phoneE164));
  const answered = new Set(calls.filter(({ answeredAt }) => answeredAt !== null).map(({ phoneE164 }) => phoneE164));
  return {
    calls: calls.length,
    callable: callable.size,
    reached: [...callable].filter((phone) => answered.has(phone)).length,
    blocked: countBlocked(facts),
    violations: [
      ...findLost(rows, facts.contacts, facts.settled),
      ...findDoubleDials(facts),
      ...findOutsideWindow(calls, facts.window, facts.zoneOf),
      ...findOverCap(calls, facts.personCap),
      ...findOverConcurrency(calls, facts.limits),
      ...findBlacklistedDialed(calls, facts.blacklist),
      ...(facts.unaccounted > 0 ? [{ rule: 'unaccounted', evidence: `the engine's own count was ${facts.unaccounted}` } as const] : []),
    ],
  };
}

/** Rows in whose name nobody was called, by the reason prepared for them; of people in two campaigns the cap lets one row go without. */
function countBlocked({ rows, calls, contactOfCall, contacts, personCap }: RunFacts): Verdict['blocked'] {
  const called = new Set(calls.map(({ operationContext }) => contactOfCall.get(operationContext ?? '')?.contact ?? null));
  const idOf = new Map(contacts.map(({ id, campaignId, phoneE164 }) => [`${campaignId} ${phoneE164}`, id]));
  const uncalled = rows.filter(({ campaignId, phoneE164 }) => !called.has(idOf.get(`${campaignId} ${phoneE164}`) ?? ''));
  const count = (kind: RowKind) => uncalled.filter((row) => row.kind === kind).length;
  const callsTo = new Map([...groupBy(calls, ({ phoneE164 }) => phoneE164)].map(([phone, same]) => [phone, same.length]));
  const capped = uncalled.filter(
    ({ kind, phoneE164 }) => personCap && kind === 'callable' && (callsTo.get(phoneE164) ?? 0) >= personCap.calls,
  );
  return { window: count('window'), cap: count('cap') + capped.length, blacklist: count('blacklist') };
}
