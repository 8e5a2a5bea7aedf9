import { readPhone } from '@carillon/campaigns';
import { CarillonError, type BlacklistImportView, type BlacklistResult } from '@carillon/contracts';
import { writeAudit } from '../audit/audit-trail.js';
import { readContactColumns } from '../contacts/contact-columns.js';
import { restoreCell } from '../contacts/csv-cell.js';
import { unreadable } from '../contacts/csv-format.js';
import { csvRecords, type CsvRecord } from '../contacts/csv-records.js';
import { RecordCutter } from '../contacts/record-cutter.js';
import { openUtf8, UploadBytes } from '../contacts/upload-bytes.js';
import type { Store } from '../open-store.js';
import { blacklistPeople, type Blacklisting } from './blacklist-people.js';

export interface BlacklistImport extends Omit<Blacklisting, 'phones' | 'source' | 'now'> {
  /** Region of numbers that are written without a country code; without it a file that has such numbers is refused. */
  defaultRegion?: string | undefined;
  /** Label of the API key. */
  actor: string;
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
 * connection the file is uploaded again, since who is on the list already stays on it. What went in is in the audit trail, also when the rest did not. Throws
 * `csv_unreadable`, `csv_without_phone_column`, `body_too_large`, and `invalid_body` for a number without a country code when no region was named.
 */
export async function importBlacklist(store: Store, input: BlacklistImport, file: AsyncIterable<Uint8Array>): Promise<BlacklistImportView> {
  const view: BlacklistImportView = {
    rows: 0,
    rejected: 0,
    errors: [],
    added: 0,
    already_listed: 0,
    contacts_stopped: 0,
    calls_released: 0,
  };
  let failure: string | null = null;
  try {
    await readInto(view, store, input, file);
  } catch (error) {
    failure = error instanceof CarillonError ? error.code : 'broke_off';
    throw error instanceof CarillonError ? sayingWhatWentIn(error, view) : error;
  } finally {
    if (failure === null || wentIn(view) > 0) await audit(store, input, view, failure);
  }
  return view;
}

async function readInto(view: BlacklistImportView, store: Store, input: BlacklistImport, file: AsyncIterable<Uint8Array>): Promise<void> {
  const { defaultRegion, maxBytes, now, actor: _actor, ...entry } = input;
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
    if (row === 'needs_region') throw regionNeeded(record.line);
    if ('phone' in row) phones.add(row.phone);
    else refuse(view, row);
    if (phones.size < CHUNK) continue;
    await flush([...phones]);
    phones = new Set();
  }
  if (view.rows === 0) throw unreadable('The file has no rows below its header; add one row per number');
  if (phones.size > 0) await flush([...phones]);
}

type RowFault = BlacklistImportView['errors'][number];
type RowReader = (record: CsvRecord) => { phone: string } | RowFault | 'needs_region';

function rowReader(header: CsvRecord, defaultRegion = ''): RowReader {
  const { names, roles } = readContactColumns({ record: header, sample: [], defaultRegion, mapping: {} });
  return ({ line, cells }) => {
    const text = restoreCell(cells[roles.phone] ?? '').trim();
    const reading = readPhone(text, defaultRegion);
    if (!('fault' in reading)) return { phone: reading.e164 };
    if (defaultRegion === '' && isNational(text)) return 'needs_region';
    return { line, column: names[roles.phone] ?? '', reason: reading.fault };
  };
}

/** No country has phone numbers of fewer digits, area code included. */
const FEWEST_DIGITS = 5;

function isNational(text: string): boolean {
  return !/[+\uFF0B]/.test(text) && text.replace(/\D/g, '').length >= FEWEST_DIGITS;
}

function regionNeeded(line: number): CarillonError {
  const message = `line ${line} has a number without a country code: say of which country such numbers are, with default_region=US for instance, or write it with + and the country code`;
  return new CarillonError('invalid_body', [{ field: 'default_region', message }]);
}

function sayingWhatWentIn(error: CarillonError, view: BlacklistImportView): CarillonError {
  if (wentIn(view) === 0) return error;
  const what = `${wentIn(view)} numbers of the file are on the blacklist already, and it may be sent again as a whole`;
  const fields = error.fields.map(({ field, message }) => ({ field, message: `${message}; ${what}` }));
  return new CarillonError(error.code, fields, { cause: error });
}

function wentIn({ added, already_listed }: BlacklistImportView): number {
  return added + already_listed;
}

/** The entries themselves say who is on the list; this says who put them there. */
function audit(store: Store, input: BlacklistImport, view: BlacklistImportView, failure: string | null): Promise<void> {
  const { tenantId, actor, scope, reason, now } = input;
  const { added, already_listed, contacts_stopped, calls_released } = view;
  const to = { scope, reason, added, already_listed, contacts_stopped, calls_released, ...(failure === null ? {} : { failure }) };
  const about = { action: 'import', subject: 'blacklist' as const, subjectId: scope.kind, changes: { entries: { from: null, to } } };
  return writeAudit(store, { tenantId, actor, ...about, at: now() });
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
