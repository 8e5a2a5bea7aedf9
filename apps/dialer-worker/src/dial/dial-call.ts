import { randomUUID } from 'node:crypto';
import { mayDial } from '@carillon/campaigns';
import type { JobHandler, LiveChannel } from '@carillon/coordination';
import { findDialRules, findLedgerCall, startDialing, type LedgerCall, type Store } from '@carillon/store';
import { after, type Now } from '../clock.js';
import { deadlines } from '../deadlines.js';
import type { DialDecision, DialerMetrics } from '../dialer-metrics.js';
import type { PlaceCall, SentCall } from './place-call.js';
import type { PrepareCall } from './prepare-call.js';
import type { PutBackCall } from './put-back-call.js';

export interface DialCallOptions {
  store: Store;
  prepare: PrepareCall;
  place: PlaceCall;
  putBack: PutBackCall;
  live: Pick<LiveChannel, 'publish'>;
  metrics: DialerMetrics;
  now: Now;
}

/**
 * Dials one reserved call: gate → slot and context → `reserved → dialing`, committed → createCall. A call from the API that cannot be dialed yet stays
 * reserved, and the reaper offers it again until it is too late for it.
 *
 * A second run is harmless: only a reserved call is dialed, and only one run gets it from `reserved` to `dialing`.
 */
export function createDialCall(options: DialCallOptions): JobHandler<'dial'> {
  return async (payload, { signal }) => {
    const call = await findLedgerCall(options.store, payload);
    if (call?.state !== 'reserved') return;
    options.metrics.decided(await dial(options, call, signal));
  };
}

async function dial(options: DialCallOptions, call: LedgerCall, signal: AbortSignal): Promise<DialDecision> {
  const { prepare, place, putBack, live } = options;
  if (!(await isAllowed(options, call))) return giveUp(putBack, call, 'gate_refused');
  if (!(await prepare(call))) return giveUp(putBack, call, 'no_slot');
  signal.throwIfAborted();
  const sent = await start(options, call);
  if (!sent) return giveUp(putBack, call, 'too_late');
  const { tenantId, callId, campaignId, phoneE164 } = call;
  await live.publish({ tenantId, at: sent.firstSentAt.toISOString(), type: 'call.dialing', callId, campaignId, phoneE164 });
  return place.first(sent);
}

async function isAllowed({ store }: DialCallOptions, call: LedgerCall): Promise<boolean> {
  const rules = await findDialRules(store, call);
  return rules !== null && mayDial(rules).allowed;
}

async function start({ store, now }: DialCallOptions, call: LedgerCall): Promise<SentCall | null> {
  const repeatabilityId = randomUUID();
  const firstSentAt = now();
  const leaseUntil = after(firstSentAt, deadlines.dialingMs);
  const { tenantId, callId } = call;
  const started = await startDialing(store, { tenantId, callId, repeatabilityId, now: firstSentAt, leaseUntil });
  return started ? { ...call, repeatabilityId, firstSentAt } : null;
}

async function giveUp(putBack: PutBackCall, call: LedgerCall, decision: 'gate_refused' | 'no_slot' | 'too_late'): Promise<DialDecision> {
  await putBack(call, 'reserved', decision === 'gate_refused' ? deadlines.busyMs : deadlines.noSlotMs);
  return decision;
}
