import { CarillonError } from '@carillon/contracts';
import { withTraceparent } from '@carillon/platform';
import { findCallTraceparent, insertCarrierEvent } from '@carillon/store';
import { CallbackError, CallTokenError, SignatureError, type CarrierEvent } from '@carillon/telephony';
import type { ApiParts } from '../api-parts.js';
import { isUuid } from '../http/id-param.js';

interface Call {
  tenantId: string;
  callId: string;
}

interface Callback {
  secret: string;
  authorization: string | undefined;
  readBody(): Promise<Buffer>;
}

/**
 * Takes what the carrier posts about a call: checked, written into the inbox once by event id, queued. Nothing is decided here, so that the
 * carrier gets its answer at once. Throws `bad_signature`, `invalid_json`, or `dependency_unavailable`, upon which the carrier posts again.
 */
export async function acceptCallback(parts: ApiParts, call: Call, callback: Callback): Promise<void> {
  try {
    await check(parts, call, callback);
    const events = parts.carrier.parseCallback(await callback.readBody());
    const traceparent = await findCallTraceparent(parts.store, call);
    for (const event of events) await withTraceparent(traceparent, () => writeDown(parts, call, event, traceparent));
  } catch (error) {
    parts.metrics.callbacks.inc({ result: 'refused' });
    throw toCallerError(error);
  }
}

async function check({ carrier, tokens }: ApiParts, call: Call, { secret, authorization }: Callback): Promise<void> {
  if (!isUuid(call.callId)) throw new CallTokenError('the callback URL names no call');
  tokens.checkCallbackSecret(call, secret);
  await carrier.verify(authorization);
}

/** A second delivery of an event is not queued again: the reaper looks after those that nobody took. */
async function writeDown(parts: ApiParts, call: Call, event: CarrierEvent, traceparent: string | null): Promise<void> {
  parts.reach('inbox.before-write');
  const isNew = await insertCarrierEvent(parts.store, { ...call, id: event.id, type: event.type, payload: event, traceparent });
  parts.metrics.callbacks.inc({ result: isNew ? 'accepted' : 'repeated' });
  if (!isNew) return;
  parts.reach('inbox.after-write');
  try {
    await parts.conveyor.enqueue('carrier-event', { tenantId: call.tenantId, eventId: event.id });
  } catch (error) {
    parts.log.warn({ err: error, callId: call.callId }, 'an event of the carrier could not be queued and is left to the reaper');
  }
}

function toCallerError(error: unknown): CarillonError {
  if (error instanceof CarillonError) return error;
  const because = (field: string) => [{ field, message: error instanceof Error ? error.message : '' }];
  if (error instanceof CallTokenError) return new CarillonError('bad_signature', because('secret'), { cause: error });
  if (error instanceof SignatureError) return new CarillonError('bad_signature', because('Authorization'), { cause: error });
  if (error instanceof CallbackError) return new CarillonError('invalid_json', because('body'), { cause: error });
  return new CarillonError('dependency_unavailable', [], { cause: error });
}
