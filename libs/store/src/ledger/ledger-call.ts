import type { CallState } from '@carillon/campaigns';
import type { Disposition } from '@carillon/contracts';
import type { Call } from '../generated/client.js';
import type { Db } from '../transaction.js';

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
  /** Day whose counters it was charged to. */
  chargedOn: Date | null;
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

export async function findLedgerCall(db: Db, { tenantId, callId }: CallKey): Promise<LedgerCall | null> {
  const row = await db.prisma.call.findFirst({ where: { id: callId, tenantId } });
  return row && ledgerCallOf(row);
}

export function ledgerCallOf({ id, resultCode, resultSubCode, resultMessage, disposition, ...row }: Call): LedgerCall {
  const result = resultCode === null ? null : { code: resultCode, subCode: resultSubCode ?? 0, message: resultMessage ?? '' };
  return { ...row, callId: id, disposition: disposition as Disposition | null, result };
}
