import { Prisma } from '../generated/client.js';
import { coalesce, type Coalesced } from '../coalesce.js';
import { CALL_CONTEXT_COLUMNS, callContextOf, type ConversationColumns } from '../calls/load-call-context.js';
import type { CallContext } from '@carillon/contracts';
import type { Store } from '../open-store.js';
import { rowsOf } from '../transaction.js';
import { factsColumns, factsOf, type FactsRow, type StoredFacts } from './gather-facts.sql.js';
import { LEDGER_CALL_COLUMNS, ledgerCallOf, type CallKey, type LedgerCall, type LedgerCallRow } from './ledger-call.js';

/** All that the ledger knows of a call that is to be dialed: the row, the facts for the gate, what the media worker will need. */
export interface DialCase {
  call: LedgerCall;
  facts: StoredFacts;
  context: CallContext;
}

/** Calls of one statement. */
const MOST = 100;

/** Looks calls up, together with those that others look up at the same time; null for one that is not there. */
export function createDialCases(store: Store, now: () => Date): Coalesced<CallKey, DialCase | null> {
  return coalesce(async (keys: readonly CallKey[]) => {
    const rows = await selectDialCases(store, keys, now());
    const found = new Map(rows.map((row) => [row.call.callId, row]));
    return keys.map(({ tenantId, callId }) => {
      const row = found.get(callId);
      return row?.call.tenantId === tenantId ? row : null;
    });
  }, MOST);
}

type Row = LedgerCallRow & FactsRow & ConversationColumns;

async function selectDialCases(store: Store, keys: readonly CallKey[], now: Date): Promise<DialCase[]> {
  const rows = await rowsOf<Row>(
    store,
    Prisma.sql`
    SELECT ${LEDGER_CALL_COLUMNS}, ${CALL_CONTEXT_COLUMNS}, ${factsColumns(now)}
    FROM call
    CROSS JOIN LATERAL (SELECT call.tenant_id, call.phone_e164, call.campaign_id, call.contact_id, call.id AS call_id, call.caller_number) AS asked
    JOIN conversation ON conversation.id = call.conversation_id
    LEFT JOIN contact ON contact.id = call.contact_id AND contact.tenant_id = call.tenant_id
    WHERE call.id = ANY (${keys.map(({ callId }) => callId)}::uuid[])`,
  );
  return rows.map(dialCaseOf);
}

function dialCaseOf({
  tenant,
  campaign,
  bucket,
  blacklisted,
  history,
  today,
  openCallId,
  initiate,
  claim,
  variables,
  messages,
  campaignSettings,
  ...row
}: Row): DialCase {
  const call = ledgerCallOf(row);
  return {
    call,
    facts: factsOf({ tenant, campaign, bucket, blacklisted, history, today, openCallId }),
    context: callContextOf(call, { initiate, claim, variables, messages, campaignSettings }),
  };
}
