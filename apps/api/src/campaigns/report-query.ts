import { z } from 'zod';

/** Query values are text. */
export const reportQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  offset: z.coerce.number().int().min(0).max(100_000_000).default(0),
});
export type ReportQuery = z.infer<typeof reportQuerySchema>;
