import { randomUUID } from 'node:crypto';
import { CarillonError, type ImportView } from '@carillon/contracts';
import type { Store } from '../open-store.js';
import { readContactColumns } from './contact-columns.js';
import { readContactRow, type ContactColumns, type ContactRow } from './contact-row.js';
import type { CsvRecord } from './csv-tokeniser.js';
import { UPLOAD_BROKE_OFF } from './fail-abandoned-imports.js';
import { findImport } from './find-import.js';
import { readCsv } from './read-csv.js';
import { settleImport } from './settle-import.js';
import { storeChunk } from './store-chunk.js';

/** Rows per transaction: about 30 ms of reading numbers, and one insert. */
const CHUNK_ROWS = 1_000;

export interface ContactImport {
  tenantId: string;
  campaignId: string;
  /** Region of numbers without a country code. */
  defaultRegion: string;
  /** Larger files are refused with `body_too_large`. */
  maxBytes: number;
  /** Of the upload; each contact and its calls carry it on. */
  traceparent: string | null;
  now: () => Date;
}

/**
 * Streams a CSV file into the campaign's contacts, a chunk per transaction. Rows that cannot be used are kept with their reason; numbers that
 * the campaign has already are counted. Uploading the same file again changes nothing. Throws `csv_unreadable`, `csv_without_phone_column` or
 * `body_too_large` for the file as a whole: the import then is `failed`, and rows before the fault stay.
 */
export async function importContacts(store: Store, input: ContactImport, file: AsyncIterable<Uint8Array>): Promise<ImportView> {
  const { tenantId, campaignId } = input;
  const importId = randomUUID();
  await store.prisma.contactImport.create({ data: { id: importId, tenantId, campaignId, createdAt: input.now() } });
  try {
    const chunks = { store, input, importId };
    await storeAll(chunks, readCsv(file, input.maxBytes));
    await settleImport(store, { tenantId, campaignId, importId, failure: null, now: input.now() });
  } catch (error) {
    await settleImport(store, { tenantId, campaignId, importId, failure: failureText(error), now: input.now() });
    throw error;
  }
  const view = await findImport(store, { tenantId, campaignId, importId });
  if (!view) throw new CarillonError('not_found');
  return view;
}

interface Target {
  store: Store;
  input: ContactImport;
  importId: string;
}

async function storeAll(target: Target, records: AsyncIterable<CsvRecord[]>): Promise<void> {
  let columns: ContactColumns | undefined;
  let pending: ContactRow[] = [];
  let total = 0;
  for await (const batch of records) {
    for (const record of batch) {
      if (!columns) {
        columns = readContactColumns(record);
        continue;
      }
      pending.push(readContactRow(record, columns, target.input.defaultRegion));
      if (pending.length < CHUNK_ROWS) continue;
      await storeChunk(target.store, { ...target.input, importId: target.importId, rows: pending, nextAt: target.input.now() });
      total += pending.length;
      pending = [];
    }
  }
  if (total + pending.length === 0) throw withoutRows();
  await storeChunk(target.store, { ...target.input, importId: target.importId, rows: pending, nextAt: target.input.now() });
}

function withoutRows(): CarillonError {
  const message = 'The file has a header and no rows below it; add one row per contact';
  return new CarillonError('csv_unreadable', [{ field: 'file', message }]);
}

function failureText(error: unknown): string {
  if (!(error instanceof CarillonError)) return UPLOAD_BROKE_OFF;
  return [error.message, ...error.fields.map(({ message }) => message)].join('. ');
}
