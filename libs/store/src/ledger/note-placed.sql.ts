import { coalesce, type Coalesced } from '../coalesce.js';
import { Prisma } from '../generated/client.js';
import { rowsOf, type Db } from '../transaction.js';
import type { CallKey } from './ledger-call.js';

export interface PlacedCall extends CallKey {
  connectionId: string;
  at: Date;
}

/** Calls of one statement, and one commit. */
const MOST = 100;

/**
 * Writes down that the carrier took a call, together with those of others at the same time: `dialing → ringing` for a call of which nothing else is known yet. False for one that
 * is not so any more, or that somebody else writes to right now, and nothing has changed: its news goes the long way (apply-call-fact.ts).
 */
export function createPlacedNotes(db: Db): Coalesced<PlacedCall, boolean> {
  return coalesce(async (placed: readonly PlacedCall[]) => {
    const noted = await notePlaced(db, placed);
    return placed.map(({ callId }) => noted.has(callId));
  }, MOST);
}

async function notePlaced(db: Db, placed: readonly PlacedCall[]): Promise<Set<string>> {
  const rows = await rowsOf<{ callId: string }>(
    db,
    Prisma.sql`
    WITH placed AS MATERIALIZED (
      SELECT * FROM unnest(${placed.map(({ callId }) => callId)}::uuid[], ${placed.map(({ tenantId }) => tenantId)}::text[],
                           ${placed.map(({ connectionId }) => connectionId)}::text[], ${placed.map(({ at }) => at)}::timestamptz[])
        AS placed (call_id, tenant_id, connection_id, at)
    ), locked AS MATERIALIZED (
      SELECT call.id FROM call JOIN placed ON placed.call_id = call.id WHERE call.state = 'dialing' ORDER BY call.id FOR UPDATE OF call SKIP LOCKED
    )
    UPDATE call SET state = 'ringing', carrier_call_id = placed.connection_id, placed_at = placed.at, lease_until = NULL
    FROM placed, locked
    WHERE call.id = placed.call_id AND locked.id = call.id AND call.tenant_id = placed.tenant_id AND call.state = 'dialing' AND call.carrier_call_id IS NULL
    RETURNING call.id::text AS "callId"`,
  );
  return new Set(rows.map(({ callId }) => callId));
}
