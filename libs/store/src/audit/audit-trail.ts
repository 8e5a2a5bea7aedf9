import type { AuditEntryView, AuditSubject, Page } from '@carillon/contracts';
import { fromJson, toJson } from '../json.js';
import type { Db } from '../transaction.js';
import { pageFrom } from '../page.js';

/** What changed: `{field: {from, to}}`. */
export type Changes = Record<string, { from: unknown; to: unknown }>;

export interface AuditNote {
  tenantId: string;
  /** Label of the API key, or the part of the engine. */
  actor: string;
  action: string;
  subject: AuditSubject;
  subjectId: string;
  changes?: Changes;
  at: Date;
}

/** Writes down who changed what; in the transaction of the change, so that there is never one without the other. */
export async function writeAudit(db: Db, { changes = {}, ...note }: AuditNote): Promise<void> {
  await db.prisma.auditEntry.create({ data: { ...note, changes: toJson(changes) } });
}

/** The fields that differ, with both values as JSON. */
export function changesBetween(before: object, after: object): Changes {
  const old: Record<string, unknown> = { ...before };
  const changed = Object.entries(after).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(old[field]));
  return Object.fromEntries(changed.map(([field, value]) => [field, { from: old[field] ?? null, to: value ?? null }]));
}

/** What happened to one thing, newest first. */
export async function listAudit(
  db: Db,
  query: { tenantId: string; subject: AuditSubject; subjectId: string; limit: number; after?: string | undefined },
): Promise<Page<AuditEntryView>> {
  const { tenantId, subject, subjectId, limit, after } = query;
  const rows = await db.prisma.auditEntry.findMany({
    where: { tenantId, subject, subjectId, ...(after === undefined ? {} : { id: { lt: BigInt(after) } }) },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  const entries = rows.map((row) => ({
    id: row.id.toString(),
    at: row.at.toISOString(),
    actor: row.actor,
    action: row.action,
    changes: fromJson<AuditEntryView['changes']>(row.changes),
  }));
  return pageFrom(entries, limit);
}
