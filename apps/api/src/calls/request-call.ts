import { placeOf } from '@carillon/campaigns';
import { CarillonError, RefusedError, type CallRequest, type CallView, type ScheduledCallView } from '@carillon/contracts';
import {
  createCall,
  findCall,
  findScheduledCall,
  findTenantSettings,
  foreseeCall,
  noRegion,
  readRegion,
  refusalOf,
  scheduleCall,
  scheduledCallView,
  type Asked,
} from '@carillon/store';
import type { ApiParts } from '../api-parts.js';
import { found } from '../http/found.js';
import { callIdOf, fingerprintOf } from './call-id.js';

/** As a campaign's defaults. */
const RING_TIMEOUT_MS = 30_000;
const MAX_CALL_MS = 900_000;
/** Who asks for a call now does not want it in a minute: without a free slot by then it ends as `cancelled`. */
const PATIENCE_MS = 30_000;
/** A call for later is given up this long after its time had come. */
const SCHEDULED_PATIENCE_MS = 86_400_000;
/** When to look again at somebody who is in a call. */
const BUSY_MS = 60_000;

interface Request {
  tenantId: string;
  request: CallRequest;
  idempotencyKey: string | undefined;
  traceparent: string | null;
}

/** Made, or written down for later. */
export type CallAnswer = { call: CallView } | { scheduled: ScheduledCallView };

/** All that is needed of a request, with its defaults. */
interface Wanted {
  callId: string;
  tenantId: string;
  phoneE164: string;
  initiate: Omit<CallRequest, 'phone_number' | 'policy' | 'consent' | 'region' | 'schedule_if_refused' | 'not_before'>;
  asked: Asked;
  traceparent: string | null;
}

/**
 * Asks the gate, writes the call down and has it dialed; or writes it down for later, where that is asked for. Throws `already_in_call`, `refused` with the reasons and
 * the next allowed instant, `idempotency_conflict` for a key that was used with another body.
 */
export async function requestCall(parts: ApiParts, request: Request): Promise<CallAnswer> {
  const wanted = await readRequest(parts, request);
  const earlier = request.idempotencyKey === undefined ? null : await findEarlier(parts, wanted);
  if (earlier) return earlier;
  const { schedule_if_refused: mayWait, not_before: notBefore } = request.request;
  const now = parts.now();
  if (notBefore !== undefined && new Date(notBefore) > now) return { scheduled: await callLater(parts, wanted, new Date(notBefore)) };
  try {
    return { call: await callNow(parts, wanted, now) };
  } catch (error) {
    if (mayWait && error instanceof RefusedError) return { scheduled: await waitFor(parts, wanted, error) };
    if (mayWait && error instanceof CarillonError && error.code === 'already_in_call') {
      return { scheduled: await callLater(parts, wanted, new Date(now.getTime() + BUSY_MS)) };
    }
    throw error;
  }
}

async function readRequest({ store }: ApiParts, { tenantId, request, idempotencyKey, traceparent }: Request): Promise<Wanted> {
  const {
    phone_number: phoneE164,
    policy,
    consent = null,
    region = null,
    schedule_if_refused: _mayWait,
    not_before: _notBefore,
    ...initiate
  } = request;
  // The tenant's own policies hold in any case.
  const own = policy ?? ((await findTenantSettings(store, { tenantId })).policies.length > 0 ? [] : ['none']);
  const asked = { policies: own, consent, region: regionOf(region, phoneE164), body: fingerprintOf(request) };
  return { callId: callIdOf(tenantId, idempotencyKey), tenantId, phoneE164, initiate, asked, traceparent };
}

function regionOf(region: string | null, phoneE164: string): string | null {
  const { country } = placeOf(phoneE164);
  if (region === null || readRegion(region, country)) return region;
  throw new CarillonError('invalid_body', [{ field: 'region', message: noRegion(region, country) }]);
}

/** What an earlier request under the same key came to. */
async function findEarlier({ store }: ApiParts, { tenantId, callId, asked }: Wanted): Promise<CallAnswer | null> {
  const call = await findCall(store, { tenantId, callId });
  const scheduled = call ? null : await findScheduledCall(store, { tenantId, scheduledCallId: callId });
  const before = scheduled?.asked ?? (call?.decision?.['asked'] as Asked | undefined);
  if (before !== undefined && before.body !== asked.body) {
    const message = 'this key was used with another body; use a new key for a new call';
    throw new CarillonError('idempotency_conflict', [{ field: 'Idempotency-Key', message }]);
  }
  if (call) return { call };
  return scheduled && { scheduled: scheduledCallView(scheduled) };
}

async function callNow(parts: ApiParts, { callId, ...wanted }: Wanted, now: Date): Promise<CallView> {
  const { store, account } = parts;
  const { tenantId } = wanted;
  const notAfter = new Date(now.getTime() + PATIENCE_MS);
  await createCall(store, { ...wanted, callId, account, ringTimeoutMs: RING_TIMEOUT_MS, maxCallMs: MAX_CALL_MS, now, notAfter });
  await enqueueDial(parts, { tenantId, callId });
  return found(await findCall(store, { tenantId, callId }), 'call');
}

/** For what was refused now, and may end by itself. */
function waitFor(parts: ApiParts, wanted: Wanted, error: RefusedError): Promise<ScheduledCallView> {
  const { reasons, next_allowed_at: next } = error.refusal;
  if (next === null) throw error;
  return callLater(parts, wanted, new Date(next), reasons[0]?.code);
}

/** For the first instant from `at` on at which the gate would let it pass. Throws `refused` when it never would, as far as one can tell. */
async function callLater(
  { store, account, now }: ApiParts,
  wanted: Wanted,
  at: Date,
  blocked: string | null = null,
): Promise<ScheduledCallView> {
  const { callId, tenantId, phoneE164, initiate, asked } = wanted;
  const verdict = await foreseeCall(store, { tenantId, phoneE164, asked, maxCallMs: MAX_CALL_MS, account, at });
  const nextAt = verdict.allowed ? at : verdict.nextAt;
  if (nextAt === null) throw new RefusedError(refusalOf(verdict));
  await scheduleCall(store, {
    ...{ id: callId, tenantId, phoneE164, initiate, asked, source: 'api', reason: null, nextAt, now: now() },
    notAfter: new Date(nextAt.getTime() + SCHEDULED_PATIENCE_MS),
    blocked: blocked ?? verdict.reasons[0]?.code ?? null,
  });
  return scheduledCallView(found(await findScheduledCall(store, { tenantId, scheduledCallId: callId }), 'scheduled call'));
}

/** The call is in the ledger: where the queue cannot be reached, the reaper offers it again, so the caller has got what was asked for. */
async function enqueueDial({ conveyor, log }: ApiParts, call: { tenantId: string; callId: string }): Promise<void> {
  try {
    await conveyor.enqueue('dial', call, { jobId: call.callId });
  } catch (error) {
    log.warn({ err: error, callId: call.callId }, 'a call could not be queued and is left to the reaper');
  }
}
