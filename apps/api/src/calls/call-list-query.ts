import { callRequestSchema } from '@carillon/contracts';
import { z } from 'zod';

const phoneSchema = callRequestSchema.shape.phone_number;

export const callListQuerySchema = z.object({ phone_number: phoneSchema.optional() }).transform(({ phone_number: phoneE164 }) => ({
  ...(phoneE164 === undefined ? {} : { phoneE164 }),
}));
export type CallListQuery = z.infer<typeof callListQuerySchema>;

/** The number in E.164, null when the text is none. */
export function readPhone(text: string): string | null {
  return phoneSchema.safeParse(text).data ?? null;
}
