import { z } from 'zod';
import { pageOf } from './page.js';

export const AUDIT_SUBJECTS = ['campaign', 'blacklist', 'number', 'tenant', 'import', 'contact', 'call'] as const;
export type AuditSubject = (typeof AUDIT_SUBJECTS)[number];

/** Who changed what. */
export const auditEntryViewSchema = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  /** Label of the API key, or the part of the engine. */
  actor: z.string(),
  action: z.string(),
  /** What changed: `{field: {from, to}}`. */
  changes: z.record(z.string(), z.unknown()),
});
export type AuditEntryView = z.infer<typeof auditEntryViewSchema>;
export const auditPageSchema = pageOf(auditEntryViewSchema);
