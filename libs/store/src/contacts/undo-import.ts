import { CarillonError, type ImportView } from '@carillon/contracts';
import type { Store } from '../open-store.js';
import { writeAudit } from '../audit/audit-trail.js';
import { inTransaction } from '../transaction.js';
import { findImport, type ImportKey } from './find-import.sql.js';
import { deleteUncalled } from './delete-uncalled.sql.js';

/**
 * Takes back the contacts of an import who were never called; who was called, or is being called, stays. A batch per transaction, and the count of
 * the import goes down with the rows. Undoing again takes back what a broken attempt left. Throws `not_found`, and `wrong_campaign_state` while
 * the import runs.
 */
export async function undoImport(store: Store, key: ImportKey, { actor, now }: { actor: string; now: Date }): Promise<ImportView> {
  await inTransaction(store, async (transaction) => {
    const { count } = await transaction.prisma.contactImport.updateMany({
      where: { id: key.importId, tenantId: key.tenantId, campaignId: key.campaignId, state: { not: 'running' } },
      data: { state: 'undone' },
    });
    if (count === 0) throw (await findImport(store, key, now)) ? stillRuns() : notFound();
    await writeAudit(transaction, { tenantId: key.tenantId, actor, action: 'undo', subject: 'import', subjectId: key.importId, at: now });
  });
  let after: bigint | null = 0n;
  while (after !== null) after = await takeBack(store, key, after);
  const view = await findImport(store, key, now);
  if (!view) throw notFound();
  return view;
}

function takeBack(store: Store, key: ImportKey, after: bigint): Promise<bigint | null> {
  return inTransaction(store, async (transaction) => {
    const { deleted, last } = await deleteUncalled(transaction, { ...key, after });
    if (deleted > 0) {
      const where = { id: key.importId, tenantId: key.tenantId };
      await transaction.prisma.contactImport.updateMany({ where, data: { imported: { decrement: deleted } } });
    }
    return last;
  });
}

function stillRuns(): CarillonError {
  return new CarillonError('wrong_campaign_state', [{ field: 'state', message: 'The import still runs; undo it when it is over' }]);
}

function notFound(): CarillonError {
  return new CarillonError('not_found', [{ field: 'id', message: 'There is no import with this id' }]);
}
