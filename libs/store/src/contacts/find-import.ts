import type { ImportView } from '@carillon/contracts';
import type { Db } from '../transaction.js';

/** Refused rows that the view shows; all of them are in the errors file. */
const SHOWN_ERRORS = 20;

export interface ImportKey {
  tenantId: string;
  campaignId: string;
  importId: string;
}

export async function findImport(db: Db, key: ImportKey): Promise<ImportView | null> {
  const { tenantId, importId } = key;
  const row = await db.prisma.contactImport.findFirst({ where: { id: importId, tenantId, campaignId: key.campaignId } });
  if (!row) return null;
  const errors = await db.prisma.contactImportError.findMany({
    where: { importId, tenantId },
    orderBy: [{ line: 'asc' }, { id: 'asc' }],
    take: SHOWN_ERRORS,
    select: { line: true, column: true, reason: true },
  });
  const { id, state, total, imported, rejected, duplicates, failure } = row;
  return { id, state, total, imported, rejected, duplicates, failure, errors };
}
