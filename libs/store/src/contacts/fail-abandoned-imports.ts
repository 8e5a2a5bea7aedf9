import type { Db } from '../transaction.js';

export const UPLOAD_BROKE_OFF = 'The upload broke off; upload the file again, nothing will be doubled';
/** What stops an upload that comes back to life after it was given up. */
export const IMPORT_GIVEN_UP = 'the import was given up meanwhile';

/**
 * Ends imports of every tenant that have said nothing since `before`, because their process died: a campaign does not complete while an import
 * runs. Their rows stay; uploading the file again doubles nothing. Answers how many there were.
 */
export async function failAbandonedImports(db: Db, { before, now }: { before: Date; now: Date }): Promise<number> {
  const { count } = await db.prisma.contactImport.updateMany({
    where: { state: 'running', seenAt: { lt: before } },
    data: { state: 'failed', failure: UPLOAD_BROKE_OFF, finishedAt: now },
  });
  return count;
}
