import { z } from 'zod';
import { invalidArgument } from './acs-error.js';
import { isReachable, mediaStreamingOptionsOf, mediaStreamingSchema, type MediaStreamingOptions } from './media-streaming-options.js';

/** A createCall that could be carried out. */
export interface CreateCallRequest {
  phoneE164: string;
  callerE164: string;
  callbackUri: string;
  operationContext: string | null;
  streaming: MediaStreamingOptions | null;
}

const E164 = /^\+[1-9]\d{6,14}$/;
const phoneNumber = z.object({ value: z.string().regex(E164, 'must be an E.164 number') });
/** The populated member tells the kind of an identifier; `kind` itself may be missing. */
const phoneTarget = z.object({ phoneNumber });

const createCallSchema = z.object({
  targets: z.array(phoneTarget).length(1, 'must hold one phone number: this emulator makes one-to-one calls'),
  sourceCallerIdNumber: phoneNumber,
  callbackUri: z.url(),
  operationContext: z.string().max(256).nullish(),
  mediaStreamingOptions: mediaStreamingSchema.nullish(),
});

const transferSchema = z.object({ targetParticipant: phoneTarget, operationContext: z.string().max(256).nullish() });

/** Throws a 400 error of the service. */
export function readCreateCall(body: Buffer, strict: boolean): CreateCallRequest {
  const asked = parse(createCallSchema, body);
  if (!isReachable(asked.callbackUri, 'https:', strict)) throw invalidArgument('callbackUri must be an https URL.');
  return {
    phoneE164: asked.targets[0]?.phoneNumber.value ?? '',
    callerE164: asked.sourceCallerIdNumber.value,
    callbackUri: asked.callbackUri,
    operationContext: asked.operationContext ?? null,
    streaming: asked.mediaStreamingOptions ? mediaStreamingOptionsOf(asked.mediaStreamingOptions, strict) : null,
  };
}

/** Throws a 400 error of the service. */
export function readTransfer(body: Buffer): { toE164: string; operationContext: string | undefined } {
  const asked = parse(transferSchema, body);
  return { toE164: asked.targetParticipant.phoneNumber.value, operationContext: asked.operationContext ?? undefined };
}

/** What an optional JSON body says of its operation; anything else is no matter of the emulator. */
export function operationContextOf(body: Buffer): string | undefined {
  return body.length === 0 ? undefined : parse(z.object({ operationContext: z.string().max(256).optional() }), body).operationContext;
}

function parse<Schema extends z.ZodType>(schema: Schema, body: Buffer): z.infer<Schema> {
  const result = schema.safeParse(jsonOf(body));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalidArgument(`Invalid argument${issue ? ` ${issue.path.join('.')}: ${issue.message}` : ''}.`);
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw invalidArgument('The body is no JSON.');
  }
}
