import { randomUUID } from 'node:crypto';
import type { Verdict } from '@carillon/campaigns';
import type { JobHandler, LiveChannel } from '@carillon/coordination';
import type { ReachFailpoint } from '@carillon/platform';
import type { Coalesced, DialCase, DialStart, LedgerCall } from '@carillon/store';
import { after, type Now } from '../clock.js';
import { deadlines } from '../deadlines.js';
import type { DialDecision, DialerMetrics } from '../dialer-metrics.js';
import type { ClearCall, Clearance, LookUpCall } from './clear-call.js';
import type { PlaceCall, SentCall } from './place-call.js';
import type { PutBackCall } from './put-back-call.js';

export interface DialCallOptions {
  lookUp: LookUpCall;
  clear: ClearCall;
  /** Compare-and-set to `dialing`, for many calls at once. */
  startDialing: Coalesced<DialStart, boolean>;
  place: PlaceCall;
  putBack: PutBackCall;
  live: Pick<LiveChannel, 'publish'>;
  metrics: DialerMetrics;
  reach: ReachFailpoint;
  now: Now;
}

/**
 * Dials one reserved call: cleared (clear-call.ts) → `reserved → dialing`, committed → createCall. A call from the API that cannot be dialed yet stays
 * reserved, and the reaper offers it again until it is too late for it.
 *
 * A second run is harmless: only a reserved call is dialed, clearing twice changes nothing, and only one run gets it from `reserved` to `dialing`.
 */
export function createDialCall(options: DialCallOptions): JobHandler<'dial'> {
  return async (payload, { signal }) => {
    const dialCase = await options.lookUp(payload);
    if (dialCase?.call.state !== 'reserved') return;
    options.metrics.decided(await dial(options, dialCase, signal));
  };
}

async function dial(options: DialCallOptions, dialCase: DialCase, signal: AbortSignal): Promise<DialDecision> {
  const { clear, place, putBack, live, reach } = options;
  const { call } = dialCase;
  const clearance = await clear(dialCase, signal);
  if (clearance.kind !== 'clear') return giveUp(options, call, clearance);
  signal.throwIfAborted();
  const sent = await start(options, call, clearance);
  if (!sent) {
    await putBack(call, 'reserved', deadlines.noSlotMs);
    return 'too_late';
  }
  reach('dial.after-commit');
  const { tenantId, callId, campaignId, phoneE164 } = call;
  await live.publish({ tenantId, at: sent.firstSentAt.toISOString(), type: 'call.dialing', callId, campaignId, phoneE164 });
  return place.first(sent);
}

async function start(
  { startDialing, reach, now }: DialCallOptions,
  call: LedgerCall,
  { epoch, verdict }: { epoch: number; verdict: Verdict },
): Promise<SentCall | null> {
  const repeatabilityId = randomUUID();
  const firstSentAt = now();
  const leaseUntil = after(firstSentAt, deadlines.dialingMs);
  const { tenantId, callId } = call;
  const decision = { at: firstSentAt, ...verdict };
  reach('dial.before-commit');
  const started = await startDialing({ tenantId, callId, repeatabilityId, epoch, decision, now: firstSentAt, leaseUntil });
  return started ? { ...call, state: 'dialing', repeatabilityId, firstSentAt, until: verdict.until } : null;
}

/** The contact waits until there is a point in another look: room, or the instant that the gate named. */
async function giveUp(
  { putBack, now }: DialCallOptions,
  call: LedgerCall,
  why: Exclude<Clearance, { kind: 'clear' }>,
): Promise<DialDecision> {
  if (why.kind === 'refused') {
    const { reasons, nextAt } = why.verdict;
    await putBack(call, 'reserved', nextAt ? Math.max(0, nextAt.getTime() - now().getTime()) : deadlines.busyMs, reasons[0]?.code ?? null);
    return 'gate_refused';
  }
  if (why.kind === 'gone') {
    await putBack(call, 'reserved', deadlines.busyMs);
    return 'too_late';
  }
  const retryAfterMs = why.refusal?.retryAfterMs ?? 0;
  await putBack(call, 'reserved', Math.min(Math.max(retryAfterMs, deadlines.noSlotMs), deadlines.longestThrottleMs));
  return why.refusal === null || why.refusal.scope === 'fleet' ? 'no_slot' : 'limited';
}
