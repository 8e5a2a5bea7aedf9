import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { ERROR_COLUMNS, restoreCell } from './csv-cell.js';
import type { CsvRecord } from './csv-tokeniser.js';

/** The header of an upload, with the column that holds the numbers. */
export interface ContactColumns {
  /** Every name once: empty ones are numbered, repeated ones too. */
  names: string[];
  phoneIndex: number;
}

export type ContactRow =
  | { ok: true; phoneE164: string; variables: Record<string, string> }
  | { ok: false; line: number; column: string; reason: string; row: [name: string, cell: string][] };

/** A variable goes into prompts: beyond this it is a document, not a fact about a person. */
const MAX_CELL_LENGTH = 8_000;

/** Turns a record into a contact, or says what is wrong with it. Every other column than the number becomes a variable. */
export function readContactRow(record: CsvRecord, columns: ContactColumns, defaultRegion: string): ContactRow {
  const { names, phoneIndex } = columns;
  const cells = names.map((_, index) => restoreCell(record.cells[index] ?? '').trim());
  const fault = rowFault(record, names.length) ?? cellFault(cells);
  if (fault) return refused(record, names, fault);
  const phone = readPhone(cells[phoneIndex] ?? '', defaultRegion);
  if (phone.phoneE164 === undefined) return refused(record, names, { index: phoneIndex, reason: phone.reason });
  const variables = cells.flatMap((cell, index) => {
    const name = names[index] ?? '';
    return index === phoneIndex || ERROR_COLUMNS.includes(name) ? [] : [[name, withoutControls(cell)] as const];
  });
  return { ok: true, phoneE164: phone.phoneE164, variables: Object.fromEntries(variables) };
}

interface Fault {
  index: number;
  reason: string;
}

function refused(record: CsvRecord, names: readonly string[], { index, reason }: Fault): ContactRow {
  const row = names.map((name, at): [string, string] => [name, record.cells[at] ?? '']);
  return {
    ok: false,
    line: record.line,
    column: names[index] ?? `column ${index + 1}`,
    reason,
    row: row.filter(([name]) => !ERROR_COLUMNS.includes(name)),
  };
}

function rowFault(record: CsvRecord, columnCount: number): Fault | null {
  const index = record.cells.findIndex((cell, at) => at >= columnCount && cell.trim() !== '');
  if (index < 0) return null;
  const reason = `The row has ${record.cells.length} cells, the header ${columnCount}; put quotes around cells that hold a delimiter`;
  return { index, reason };
}

function cellFault(cells: readonly string[]): Fault | null {
  for (const [index, cell] of cells.entries()) {
    if (cell.length > MAX_CELL_LENGTH) return { index, reason: `The cell is longer than ${MAX_CELL_LENGTH} characters; shorten it` };
    if (cell.includes('\uFFFD')) return { index, reason: 'The cell holds bytes that are not UTF-8; save the file as CSV (UTF-8)' };
  }
  return null;
}

type PhoneReading = { phoneE164: string; reason?: never } | { phoneE164?: never; reason: string };

function readPhone(cell: string, defaultRegion: string): PhoneReading {
  // ="+14155550100" is how some exports keep Excel from making a number of it.
  const text = cell.replace(/^="(.*)"$/, '$1').trim();
  if (text === '') return { reason: 'The phone number is missing' };
  const shown = `"${text.slice(0, 40)}"`;
  if (/^\d+([.,]\d+)?E\+?\d+$/i.test(text)) {
    return { reason: `${shown} was rounded by a spreadsheet; format the column as text and enter the number again` };
  }
  const region = isSupportedCountry(defaultRegion) ? { defaultCountry: defaultRegion } : {};
  const number = parsePhoneNumberFromString(text, { ...region, extract: false });
  if (number?.ext) return { reason: `${shown} has an extension, which cannot be dialed; give the direct number` };
  if (number?.isValid()) return { phoneE164: number.number };
  return { reason: `${shown} is not a valid phone number of region ${defaultRegion}; write it with + and the country code` };
}

/** Values are data for prompts: control characters have no business there; tabs and line ends become spaces. */
function withoutControls(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\p{Cc}/gu, '');
}
