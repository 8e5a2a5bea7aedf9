import type { Db } from '../transaction.js';

export const UPLOAD_BROKE_OFF = 'The upload broke off; upload the file again, nothing will be doubled';

/**
 * Ends imports of every tenant that began before `before` and never came to an end, because their process died: a campaign does not complete while an import
 * runs. Their rows stay; uploading the file again doubles nothing. Answers how many there were.
 */
export async function failAbandonedImports(db: Db, { before, now }: { before: Date; now: Date }): Promise<number> {
  const { count } = await db.prisma.contactImport.updateMany({
    where: { state: 'running', createdAt: { lt: before } },
    data: { state: 'failed', failure: UPLOAD_BROKE_OFF, finishedAt: now },
  });
  return count;
}
