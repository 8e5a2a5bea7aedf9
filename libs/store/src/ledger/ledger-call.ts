import type { CallState } from '@carillon/campaigns';
import type { Disposition } from '@carillon/contracts';
import { Prisma } from '../generated/client.js';
import { rowsOf, type Db } from '../transaction.js';

/** Names one call of one tenant. */
export interface CallKey {
  tenantId: string;
  callId: string;
}

/** A row of the call ledger. */
export interface LedgerCall extends CallKey {
  campaignId: string | null;
  contactId: bigint | null;
  conversationId: string;
  phoneE164: string;
  state: CallState;
  notAfter: Date;
  repeatabilityId: string | null;
  firstSentAt: Date | null;
  carrierCallId: string | null;
  mediaEpoch: number;
  mediaClosedAt: Date | null;
  exchanges: number;
  agentClosed: boolean;
  endedBy: string | null;
  disposition: Disposition | null;
  result: CallResult | null;
  traceparent: string | null;
  callerNumber: string | null;
  callbackAt: Date | null;
  /** Day of the tenant whose counters it was charged to. */
  chargedOn: Date | null;
  /** Day of the account, which is that of UTC. */
  accountChargedOn: Date | null;
  decision: unknown;
  ringTimeoutMs: number;
  maxCallMs: number;
  answeredAt: Date | null;
  endedAt: Date | null;
  wrappedAt: Date | null;
}

/** The carrier's result of a call, where it gave one. */
export interface CallResult {
  code: number;
  subCode: number;
  message: string;
}

/** Of the table `call`: the day on which the account was charged, that of the claim unless the call was charged anew (recharge-call.ts). */
export const ACCOUNT_CHARGED_ON = Prisma.sql`
  CASE WHEN call.charged_on IS NOT NULL THEN (coalesce((call.decision ->> 'chargedAt')::timestamptz, call.created_at) AT TIME ZONE 'UTC')::date END`;

/** What {@link ledgerCallOf} reads, of the table `call`. */
export const LEDGER_CALL_COLUMNS = Prisma.sql`
  call.tenant_id AS "tenantId", call.id::text AS "callId", call.campaign_id::text AS "campaignId", call.contact_id AS "contactId",
  call.conversation_id::text AS "conversationId", call.phone_e164 AS "phoneE164", call.state::text AS state, call.not_after AS "notAfter",
  call.repeatability_id::text AS "repeatabilityId", call.first_sent_at AS "firstSentAt", call.carrier_call_id AS "carrierCallId",
  call.media_epoch AS "mediaEpoch", call.media_closed_at AS "mediaClosedAt", call.exchanges, call.agent_closed AS "agentClosed",
  call.ended_by AS "endedBy", call.disposition, call.result_code AS "resultCode", call.result_sub_code AS "resultSubCode",
  call.result_message AS "resultMessage", call.traceparent, call.caller_number AS "callerNumber", call.callback_at AS "callbackAt",
  call.charged_on AS "chargedOn", ${ACCOUNT_CHARGED_ON} AS "accountChargedOn", call.decision, call.ring_timeout_ms AS "ringTimeoutMs", call.max_call_ms AS "maxCallMs",
  call.answered_at AS "answeredAt", call.ended_at AS "endedAt", call.wrapped_at AS "wrappedAt"`;

export interface LedgerCallRow extends Omit<LedgerCall, 'result'> {
  resultCode: number | null;
  resultSubCode: number | null;
  resultMessage: string | null;
}

export async function findLedgerCall(db: Db, { tenantId, callId }: CallKey): Promise<LedgerCall | null> {
  const [row] = await rowsOf<LedgerCallRow>(
    db,
    Prisma.sql`SELECT ${LEDGER_CALL_COLUMNS} FROM call WHERE id = ${callId}::uuid AND tenant_id = ${tenantId}`,
  );
  return row ? ledgerCallOf(row) : null;
}

export function ledgerCallOf({ resultCode, resultSubCode, resultMessage, ...row }: LedgerCallRow): LedgerCall {
  const result = resultCode === null ? null : { code: resultCode, subCode: resultSubCode ?? 0, message: resultMessage ?? '' };
  return { ...row, result };
}
