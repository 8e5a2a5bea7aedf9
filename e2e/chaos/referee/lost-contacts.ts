import { groupBy } from './group-by.js';
import type { Violation } from './violation.js';

/** A contact as Postgres holds it at the end. */
export interface ContactRow {
  id: string;
  campaignId: string;
  phoneE164: string;
  state: string;
  disposition: string | null;
  /** A call of this contact that is neither released nor wrapped up. */
  hasOpenCall: boolean;
}

/** A row of an uploaded file. */
export interface UploadedRow {
  campaignId: string;
  phoneE164: string;
  /** Why it need not have been called by the end; null when it should be final. */
  waived: string | null;
  /** The import may have left it out, and said so. */
  mayBeMissing: boolean;
}

const IN_A_CALL = new Set(['reserved', 'in_flight', 'reconciling']);

/**
 * Rows that are no contact, contacts that are no row, contacts in a call that is not there, and, when the run came to its end by itself, contacts that
 * should be final and are not.
 */
export function findLost(rows: readonly UploadedRow[], contacts: readonly ContactRow[], settled: boolean): Violation[] {
  const lost = (evidence: string): Violation => ({ rule: 'lost', evidence });
  const keyOf = ({ campaignId, phoneE164 }: UploadedRow | ContactRow) => `${phoneE164} of campaign ${campaignId}`;
  const byKey = groupBy(contacts, keyOf);
  const uploaded = new Map(rows.map((row) => [keyOf(row), row]));
  return [
    ...[...uploaded].flatMap(([key, row]) => (byKey.has(key) || row.mayBeMissing ? [] : [lost(`${key} is no contact`)])),
    ...[...byKey].flatMap(([key, same]) => same.slice(1).map(() => lost(`${key} is more than one contact`))),
    ...contacts.flatMap((contact) => {
      const wrong = whatIsWrong(contact, uploaded.get(keyOf(contact)), settled);
      return wrong === null ? [] : [lost(`${keyOf(contact)} ${wrong}`)];
    }),
  ];
}

function whatIsWrong({ state, disposition, hasOpenCall }: ContactRow, row: UploadedRow | undefined, settled: boolean): string | null {
  if (!row) return 'was never uploaded';
  if (IN_A_CALL.has(state)) {
    if (!hasOpenCall) return `is ${state} and in no call`;
    return settled ? `is still ${state}` : null;
  }
  if (hasOpenCall) return `is ${state}, and in a call`;
  if (state === 'final') return disposition === null ? 'is final without a disposition' : null;
  if (state !== 'waiting') return `is in the unknown state ${state}`;
  return settled && row.waived === null ? 'still waits' : null;
}
