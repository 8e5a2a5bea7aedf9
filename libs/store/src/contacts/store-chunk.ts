import { toJson } from '../json.js';
import type { Store } from '../open-store.js';
import { inTransaction } from '../transaction.js';
import type { ContactRow } from './contact-row.js';
import { insertContacts } from './insert-contacts.sql.js';

export interface ContactChunk {
  tenantId: string;
  campaignId: string;
  importId: string;
  traceparent: string | null;
  nextAt: Date;
  rows: ContactRow[];
}

/** Contacts, refused rows and the import's counts of one chunk, in one transaction: the counts always add up to the rows. */
export async function storeChunk(store: Store, chunk: ContactChunk): Promise<void> {
  const { tenantId, importId, rows } = chunk;
  const accepted = rows.filter((row) => row.ok);
  const refused = rows.filter((row) => !row.ok);
  await inTransaction(store, async (transaction) => {
    const imported = accepted.length === 0 ? 0 : await insertContacts(transaction, { ...chunk, contacts: accepted });
    if (refused.length > 0) {
      const data = refused.map(({ line, column, reason, row }) => ({ tenantId, importId, line, column, reason, row: toJson(row) }));
      await transaction.prisma.contactImportError.createMany({ data });
    }
    await transaction.prisma.contactImport.updateMany({
      where: { id: importId, tenantId },
      data: {
        total: { increment: rows.length },
        imported: { increment: imported },
        rejected: { increment: refused.length },
        duplicates: { increment: accepted.length - imported },
      },
    });
  });
}
