import { CarillonError } from '@carillon/contracts';
import { writeAudit } from '../audit/audit-trail.js';
import type { Store } from '../open-store.js';
import { inTransaction } from '../transaction.js';
import { EVERY } from './blacklist-scope.js';
import { entryView } from './find-entries.js';

interface Removal {
  tenantId: string;
  entryId: string;
  actor: string;
  /** Whether the caller may remove entries that hold for every tenant. */
  mayGlobal: boolean;
  now: Date;
}

/** Takes an entry off the list. Contacts that became final by it stay so. Throws `not_found`, `forbidden`. */
export function removeBlacklistEntry(store: Store, { tenantId, entryId, actor, mayGlobal, now }: Removal): Promise<void> {
  return inTransaction(store, async (transaction) => {
    const entries = transaction.prisma.blacklistEntry;
    const row = await entries.findFirst({ where: { id: BigInt(entryId), tenantId: { in: [tenantId, EVERY] } } });
    if (!row) throw new CarillonError('not_found', [{ field: 'id', message: 'There is no entry with this id' }]);
    if (row.tenantId === EVERY && !mayGlobal) {
      throw new CarillonError('forbidden', [{ field: 'Authorization', message: 'a global entry is removed with an admin key' }]);
    }
    await entries.deleteMany({ where: { id: row.id, tenantId: row.tenantId } });
    const changes = { entry: { from: entryView(row), to: null } };
    await writeAudit(transaction, { tenantId, actor, action: 'remove', subject: 'blacklist', subjectId: entryId, changes, at: now });
  });
}
