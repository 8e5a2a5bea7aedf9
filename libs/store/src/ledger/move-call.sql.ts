import type { CallState } from '@carillon/campaigns';
import type { Disposition } from '@carillon/contracts';
import { Prisma } from '../generated/client.js';
import { rowsOf, type Db } from '../transaction.js';
import { LEDGER_CALL_COLUMNS, ledgerCallOf, type CallResult, type LedgerCall, type LedgerCallRow } from './ledger-call.js';

/** What a call is to be; null and undefined where it is to stay as it is. */
export interface CallMove {
  state: CallState;
  carrierCallId: string | null;
  answeredAt: Date | null;
  placedAt: Date | null;
  /** Undefined: as it is. Null: none. */
  leaseUntil: Date | null | undefined;
  endedAt: Date | null;
  endedBy: string | null;
  disposition: Disposition | null;
  result: CallResult | null;
  contactState: 'in_flight' | 'reconciling' | null;
}

/**
 * Moves a call, and its contact with it, if the call is still as it was seen (compare-and-set on everything that a move is worked out from). Null when it is not:
 * nothing has changed then.
 */
export async function moveCall(db: Db, seen: LedgerCall, move: CallMove): Promise<LedgerCall | null> {
  const { state, carrierCallId, answeredAt, placedAt, leaseUntil, endedAt, endedBy, disposition, result, contactState } = move;
  const [row] = await rowsOf<LedgerCallRow>(
    db,
    Prisma.sql`
    WITH moved AS (
      UPDATE call SET
        state = ${state}::"CallState", carrier_call_id = ${carrierCallId}, answered_at = ${answeredAt}::timestamptz,
        placed_at = coalesce(${placedAt}::timestamptz, call.placed_at),
        lease_until = CASE WHEN ${leaseUntil === undefined}::bool THEN call.lease_until ELSE ${leaseUntil ?? null}::timestamptz END,
        ended_at = ${endedAt}::timestamptz, ended_by = ${endedBy}, disposition = coalesce(call.disposition, ${disposition}),
        result_code = ${result?.code ?? null}::int, result_sub_code = ${result?.subCode ?? null}::int, result_message = ${result?.message ?? null}
      WHERE id = ${seen.callId}::uuid AND tenant_id = ${seen.tenantId} AND state = ${seen.state}::"CallState"
        AND carrier_call_id IS NOT DISTINCT FROM ${seen.carrierCallId} AND answered_at IS NOT DISTINCT FROM ${seen.answeredAt}::timestamptz
        AND ended_at IS NOT DISTINCT FROM ${seen.endedAt}::timestamptz AND ended_by IS NOT DISTINCT FROM ${seen.endedBy}
        AND wrapped_at IS NOT DISTINCT FROM ${seen.wrappedAt}::timestamptz
      RETURNING ${LEDGER_CALL_COLUMNS}
    ), followed AS (
      UPDATE contact SET state = ${contactState}::"ContactState" FROM moved
      WHERE contact.id = moved."contactId" AND ${contactState !== null}::bool AND contact.state IN ('in_flight', 'reconciling')
        AND contact.state <> ${contactState}::"ContactState"
    )
    SELECT * FROM moved`,
  );
  return row ? ledgerCallOf(row) : null;
}
