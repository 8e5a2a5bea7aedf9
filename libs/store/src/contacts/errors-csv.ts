import { fromJson } from '../json.js';
import type { Db } from '../transaction.js';
import { csvLine, ERROR_COLUMNS } from './csv-cell.js';
import type { ImportKey } from './find-import.sql.js';

/** Rows per query: memory stays small however many rows were refused. */
const PAGE_ROWS = 1_000;

/**
 * The refused rows as CSV, as they were uploaded and with what is wrong with each: to be repaired and uploaded again. The import itself must
 * be known to exist. Without refused rows only the header of the added columns comes.
 */
export async function* errorsCsv(db: Db, key: ImportKey): AsyncGenerator<string> {
  let after = 0n;
  for (;;) {
    const rows = await db.prisma.contactImportError.findMany({
      where: { importId: key.importId, tenantId: key.tenantId, id: { gt: after } },
      orderBy: { id: 'asc' },
      take: PAGE_ROWS,
    });
    const cells = rows.map(({ row }) => fromJson<[name: string, cell: string][]>(row));
    if (after === 0n) yield csvLine([...(cells[0] ?? []).map(([name]) => name), ...ERROR_COLUMNS]);
    const added = rows.map(({ line, column, reason }) => [String(line), column, reason]);
    yield added.map((extra, index) => csvLine([...(cells[index] ?? []).map(([, cell]) => cell), ...extra])).join('');
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_ROWS) return;
    after = last.id;
  }
}
