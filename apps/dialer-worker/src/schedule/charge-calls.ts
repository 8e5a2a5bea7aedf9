import {
  ACCOUNT_COUNTER,
  accountDayOf,
  assignCallerNumbers,
  chargeCounters,
  releaseLocked,
  type ClaimedCall,
  type Db,
  type RunningCampaign,
} from '@carillon/store';
import { after } from '../clock.js';
import { deadlines } from '../deadlines.js';
import type { NumberPools } from './number-pools.js';
import type { OpenBucket } from './open-buckets.js';

export interface ChargeCalls {
  campaign: RunningCampaign;
  calls: readonly ClaimedCall[];
  buckets: readonly OpenBucket[];
  pools: NumberPools;
  /** The tenant's day. */
  chargedOn: Date;
  now: Date;
}

/** Gives the claimed calls their numbers and charges them to the day's counters. Answers those that got a number; the others wait again, in the same transaction. */
export async function chargeCalls(
  transaction: Db,
  { campaign, calls, buckets, pools, chargedOn, now }: ChargeCalls,
): Promise<ClaimedCall[]> {
  if (calls.length === 0) return [];
  const { tenantId, campaignId } = campaign;
  const numbers = await pools.choose(transaction, campaign, calls, buckets);
  await assignCallerNumbers(
    transaction,
    [...numbers].map(([callId, phoneE164]) => ({ callId, phoneE164 })),
  );
  const byNumber = new Map<string, number>();
  for (const phoneE164 of numbers.values()) byNumber.set(phoneE164, (byNumber.get(phoneE164) ?? 0) + 1);
  await chargeCounters(transaction, [
    { ...ACCOUNT_COUNTER, day: accountDayOf(now), calls: calls.length },
    { tenantId, scope: 'tenant', key: '*', day: chargedOn, calls: calls.length },
    { tenantId, scope: 'campaign', key: campaignId, day: chargedOn, calls: calls.length },
    ...[...byNumber].map(([key, count]) => ({ tenantId, scope: 'number' as const, key, day: chargedOn, calls: count })),
  ]);
  const numberless = calls.filter(({ callId }) => !numbers.has(callId));
  for (const { callId } of numberless) {
    await releaseLocked(transaction, {
      tenantId,
      callId,
      from: 'reserved',
      nextAt: after(now, deadlines.noSlotMs),
      blocked: 'no_number',
      now,
    });
  }
  return calls.filter(({ callId }) => numbers.has(callId));
}
