import { z } from 'zod';

/** One reason why somebody may not be called now. */
export const reasonViewSchema = z.object({
  /** Such as `window_closed`, `person_cap`, `blacklisted`. */
  code: z.string(),
  /** In plain words. */
  message: z.string(),
  /** The policy's rule that says so. */
  rule: z.string().nullable(),
  /** When this reason ends; null when it does not end by itself, or nobody knows. */
  until: z.iso.datetime().nullable(),
});
export type ReasonView = z.infer<typeof reasonViewSchema>;

export const refusalSchema = z.object({
  reasons: z.array(reasonViewSchema),
  /** The first instant at which nothing would stand against it any more, as far as one can tell now. */
  next_allowed_at: z.iso.datetime().nullable(),
});
export type Refusal = z.infer<typeof refusalSchema>;
