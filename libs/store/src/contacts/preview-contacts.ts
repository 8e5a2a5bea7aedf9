import { bucketFactsOf } from '@carillon/campaigns';
import { COLUMN_ROLES, type ContactMapping, type PreviewView } from '@carillon/contracts';
import iconv from 'iconv-lite';
import { columnNames, readContactColumns, type ContactColumns } from './contact-columns.js';
import { contactRowReader } from './contact-row.js';
import { findColumn } from './column-names.js';
import { detectCsvFormat, unreadable } from './csv-format.js';
import { type CsvRecord, csvRecords } from './csv-records.js';
import { suggestPhoneColumn } from './suggest-phone-column.js';
import { HEAD_BYTES, UploadBytes } from './upload-bytes.js';

/** Rows that are shown, of either kind. */
const SHOWN_ROWS = 20;

export interface PreviewRequest {
  defaultRegion: string;
  mapping: ContactMapping;
}

/**
 * How an upload would be read, by its first 64 kB: format, columns and the first rows. Without a column that is called or given as the numbers', the
 * one that looks like them is taken; with none, no rows are shown. Throws `csv_unreadable` and, for a wrong mapping, `invalid_body`.
 */
export async function previewContacts(file: AsyncIterable<Uint8Array>, { defaultRegion, mapping }: PreviewRequest): Promise<PreviewView> {
  const upload = new UploadBytes(file, Infinity);
  const head = await upload.head().finally(() => upload.stop());
  const { encoding, delimiter } = detectCsvFormat(head);
  const records = [...csvRecords(iconv.decode(head, encoding), delimiter)];
  if (head.length >= HEAD_BYTES && records.length > 2) records.pop(); // it may be half of one
  const [header, ...rows] = records;
  if (!header) throw unreadable('The file is empty; upload a header row and one row per contact');
  const names = columnNames(header);
  const guess = guessPhone(names, rows, { defaultRegion, mapping });
  const format = { encoding, delimiter, header: names };
  if (!guess) return { ...format, mapping: noMapping(), variables: [], rows: [], region_not_read: 0, faults: [] };
  const columns = readContactColumns({ record: header, sample: [], defaultRegion, mapping: { ...mapping, phone: guess.column } });
  return {
    ...format,
    mapping: mappingOf(columns, guess.confidence),
    variables: columns.variables.flatMap((index) => names[index] ?? []),
    ...readRows(rows, columns, defaultRegion),
  };
}

type Guess = { column: string; confidence: number };

function guessPhone(names: string[], rows: readonly CsvRecord[], { defaultRegion, mapping }: PreviewRequest): Guess | null {
  const byName = names[findColumn(names, 'phone')];
  const sure = mapping.phone ?? byName;
  return sure === undefined ? suggestPhoneColumn(names, rows, defaultRegion) : { column: sure, confidence: 1 };
}

function noMapping(): PreviewView['mapping'] {
  return { phone: null, time_zone: null, region: null, consent: null };
}

function mappingOf({ names, roles }: ContactColumns, phoneConfidence: number): PreviewView['mapping'] {
  const mapping = noMapping();
  for (const role of COLUMN_ROLES) {
    const column = names[roles[role]];
    if (column !== undefined) mapping[role] = { column, confidence: role === 'phone' ? phoneConfidence : 1 };
  }
  return mapping;
}

function readRows(
  records: readonly CsvRecord[],
  columns: ContactColumns,
  defaultRegion: string,
): Pick<PreviewView, 'rows' | 'region_not_read' | 'faults'> {
  const read = contactRowReader({ columns, defaultRegion });
  const rows: PreviewView['rows'] = [];
  const faults: PreviewView['faults'] = [];
  let regionNotRead = 0;
  for (const row of records.map(read)) {
    if (!row.ok) faults.push({ line: row.line, column: row.column, reason: row.reason });
    else {
      if (row.regionNotRead) regionNotRead += 1;
      const { country, regions, timeZones, consent } = bucketFactsOf(row.bucketKey);
      const facts = { country, regions: [...regions], time_zones: [...timeZones], consent };
      rows.push({ line: row.line, phone_number: row.phoneE164, ...facts, variables: JSON.parse(row.variables) as Record<string, string> });
    }
  }
  return { rows: rows.slice(0, SHOWN_ROWS), region_not_read: regionNotRead, faults: faults.slice(0, SHOWN_ROWS) };
}
