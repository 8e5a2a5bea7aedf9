import type { CallRequest, CallView } from '@carillon/contracts';
import { createCall, findCall } from '@carillon/store';
import type { ApiParts } from '../api-parts.js';
import { found } from '../http/found.js';

/** As a campaign's defaults. */
const RING_TIMEOUT_MS = 30_000;
const MAX_CALL_MS = 900_000;
/** Who asks for a call now does not want it in a minute: without a free slot by then it ends as `cancelled`. */
const PATIENCE_MS = 30_000;

interface Request {
  tenantId: string;
  request: CallRequest;
  traceparent: string | null;
}

/** Writes the call down and has it dialed. Throws `already_in_call`. */
export async function requestCall(parts: ApiParts, { tenantId, request, traceparent }: Request): Promise<CallView> {
  const { phone_number: phoneE164, ...initiate } = request;
  const now = parts.now();
  const callId = await createCall(parts.store, {
    ...{ tenantId, phoneE164, initiate, traceparent, now },
    ringTimeoutMs: RING_TIMEOUT_MS,
    maxCallMs: MAX_CALL_MS,
    notAfter: new Date(now.getTime() + PATIENCE_MS),
  });
  await enqueueDial(parts, { tenantId, callId });
  return found(await findCall(parts.store, { tenantId, callId }), 'call');
}

/** The call is in the ledger: where the queue cannot be reached, the reaper offers it again, so the caller has got what was asked for. */
async function enqueueDial({ conveyor, log }: ApiParts, call: { tenantId: string; callId: string }): Promise<void> {
  try {
    await conveyor.enqueue('dial', call, { jobId: call.callId });
  } catch (error) {
    log.warn({ err: error, callId: call.callId }, 'a call could not be queued and is left to the reaper');
  }
}
