import { type BlacklistImportView, type BlacklistResult } from '@carillon/contracts';
import { readPhone } from '@carillon/campaigns';
import { readContactColumns } from '../contacts/contact-columns.js';
import { restoreCell } from '../contacts/csv-cell.js';
import { unreadable } from '../contacts/csv-format.js';
import { csvRecords, type CsvRecord } from '../contacts/csv-records.js';
import { RecordCutter } from '../contacts/record-cutter.js';
import { openUtf8, UploadBytes } from '../contacts/upload-bytes.js';
import type { Store } from '../open-store.js';
import { blacklistPeople, type Blacklisting } from './blacklist-people.js';

export interface BlacklistImport extends Omit<Blacklisting, 'phones' | 'source' | 'now'> {
  /** Region of numbers that are written without a country code. */
  defaultRegion: string;
  maxBytes: number;
  now: () => Date;
}

/** Numbers of one transaction. */
const CHUNK = 1_000;
/** Some thousand rows: what is held in memory. */
const BLOCK_BYTES = 65_536;
/** Enough to mend a file by. */
const MAX_ERRORS = 100;

/**
 * Puts everybody in a CSV file on the blacklist; the column with the numbers is found by its name. Each thousand is effective at once; after a broken
 * connection the file is uploaded again, since who is on the list already stays on it. Throws `csv_unreadable`, `csv_without_phone_column`, `body_too_large`.
 */
export async function importBlacklist(store: Store, input: BlacklistImport, file: AsyncIterable<Uint8Array>): Promise<BlacklistImportView> {
  const { defaultRegion, maxBytes, now, ...entry } = input;
  const view: BlacklistImportView = {
    rows: 0,
    rejected: 0,
    errors: [],
    added: 0,
    already_listed: 0,
    contacts_stopped: 0,
    calls_released: 0,
  };
  const flush = async (phones: string[]) => add(view, await blacklistPeople(store, { ...entry, phones, source: 'import', now: now() }));
  let phones = new Set<string>();
  let readRow: RowReader | undefined;
  for await (const record of readRecords(file, maxBytes)) {
    if (!readRow) {
      readRow = rowReader(record, defaultRegion);
      continue;
    }
    view.rows += 1;
    const row = readRow(record);
    if ('phone' in row) phones.add(row.phone);
    else refuse(view, row);
    if (phones.size < CHUNK) continue;
    await flush([...phones]);
    phones = new Set();
  }
  if (view.rows === 0) throw unreadable('The file has no rows below its header; add one row per number');
  if (phones.size > 0) await flush([...phones]);
  return view;
}

type RowFault = BlacklistImportView['errors'][number];
type RowReader = (record: CsvRecord) => { phone: string } | RowFault;

function rowReader(header: CsvRecord, defaultRegion: string): RowReader {
  const { names, roles } = readContactColumns({ record: header, sample: [], defaultRegion, mapping: {} });
  return ({ line, cells }) => {
    const reading = readPhone(restoreCell(cells[roles.phone] ?? '').trim(), defaultRegion);
    return 'fault' in reading ? { line, column: names[roles.phone] ?? '', reason: reading.fault } : { phone: reading.e164 };
  };
}

async function* readRecords(file: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<CsvRecord> {
  const { format, pieces } = await openUtf8(new UploadBytes(file, maxBytes));
  const cutter = new RecordCutter(format.delimiter);
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const piece of pieces) {
    const block = cutter.push(piece, BLOCK_BYTES);
    if (block) yield* csvRecords(utf8.decode(block.bytes), format.delimiter, block.line);
  }
  const last = cutter.end();
  if (last) yield* csvRecords(utf8.decode(last.bytes), format.delimiter, last.line);
}

function add(view: BlacklistImportView, result: BlacklistResult): void {
  for (const field of ['added', 'already_listed', 'contacts_stopped', 'calls_released'] as const) view[field] += result[field];
}

function refuse(view: BlacklistImportView, fault: RowFault): void {
  view.rejected += 1;
  if (view.errors.length < MAX_ERRORS) view.errors.push(fault);
}
