import { claimSchemaSchema } from '@carillon/contracts';
import { z } from 'zod';

/** `POST /control/expectations` */
export const expectationsSchema = z.object({
  phone_numbers: z.array(z.string().regex(/^\+[1-9]\d{6,14}$/, 'write the number in E.164')).max(100_000),
  fields: claimSchemaSchema,
});

const strikeSchema = z.union([z.object({ nth: z.number().int().min(1) }), z.object({ probability: z.number().min(0).max(1) })]);

const requestFaultSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('status'),
    status: z.number().int().min(400).max(599),
    code: z.string().exactOptional(),
    retryAfterS: z.number().min(0).exactOptional(),
    executed: z.boolean().exactOptional(),
  }),
  z.object({ kind: z.literal('early'), atMostMs: z.number().min(0).max(120_000) }),
  z.object({ kind: z.literal('delay'), delayMs: z.number().min(0).max(120_000) }),
  z.object({ kind: z.literal('drop-before') }),
  z.object({ kind: z.literal('drop-after') }),
]);

const callbackFaultSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('duplicate') }),
  z.object({ kind: z.literal('delay'), delayMs: z.number().min(0).max(120_000) }),
  z.object({ kind: z.literal('reorder') }),
  z.object({ kind: z.literal('drop') }),
]);

const OPERATIONS = [
  'createCall',
  'getProperties',
  'hangUp',
  'terminate',
  'transfer',
  'startMediaStreaming',
  'stopMediaStreaming',
  'play',
  'cancelAll',
  'listParticipants',
] as const;

const carrierRuleSchema = z.union([
  z.object({ on: z.enum(OPERATIONS), when: strikeSchema, fault: requestFaultSchema }),
  z.object({ on: z.literal('callback'), event: z.string().exactOptional(), when: strikeSchema, fault: callbackFaultSchema }),
]);

/** The speech service's switches; `null` turns one off. */
const speechFaultsSchema = z.strictObject({
  handshakeStatus: z.union([z.literal(401), z.literal(403), z.literal(429), z.literal(503)]).nullish(),
  dropAfterMs: z.number().min(0).nullish(),
  dropCode: z.number().int().min(1_000).max(4_999).nullish(),
  mute: z.boolean().nullish(),
  withoutTurnEnd: z.boolean().nullish(),
  malformNext: z.boolean().nullish(),
  firstByteDelayMs: z.number().min(0).nullish(),
});

const modelFaultSchema = z.object({
  fault: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('status'), status: z.union([z.literal(429), z.literal(500), z.literal(503)]) }),
    z.object({ kind: z.literal('stall') }),
  ]),
  /** Requests that it strikes. */
  times: z.number().int().min(1).max(1_000_000),
});

/** `POST /control/faults`: each part that is given replaces the one before. */
export const faultsSchema = z.strictObject({
  carrier: z.object({ rules: z.array(carrierRuleSchema), seed: z.string().exactOptional() }).exactOptional(),
  speech: speechFaultsSchema.exactOptional(),
  model: modelFaultSchema.exactOptional(),
});
export type FaultsRequest = z.infer<typeof faultsSchema>;
