import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { CsvRecord } from './csv-tokeniser.js';
import { restoreCell } from './csv-cell.js';

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
  const refuse = (index: number, reason: string): ContactRow => ({
    ...{ ok: false, line: record.line, column: names[index] ?? `column ${index + 1}`, reason },
    row: names.map((name, at) => [name, withoutNul(record.cells[at] ?? '')]),
  });
  const surplus = record.cells.findIndex((cell, index) => index >= names.length && cell.trim() !== '');
  if (surplus >= 0) return refuse(surplus, `The row has ${record.cells.length} cells, the header ${names.length}; put quotes around cells that hold a delimiter`);
  const unusable = cells.findIndex((cell) => cell.length > MAX_CELL_LENGTH || cell.includes('\uFFFD'));
  if (unusable >= 0) return refuse(unusable, cellFault(cells[unusable] ?? ''));
  const phone = readPhone(cells[phoneIndex] ?? '', defaultRegion);
  if (phone.phoneE164 === undefined) return refuse(phoneIndex, phone.reason);
  const variables = names.flatMap((name, index) => (index === phoneIndex ? [] : [[name, withoutControls(cells[index] ?? '')]]));
  return { ok: true, phoneE164: phone.phoneE164, variables: Object.fromEntries(variables) as Record<string, string> };
}

function cellFault(cell: string): string {
  if (cell.length > MAX_CELL_LENGTH) return `The cell is longer than ${MAX_CELL_LENGTH} characters; shorten it`;
  return 'The cell holds bytes that are not UTF-8; save the file as CSV (UTF-8)';
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

/** Postgres cannot store it in JSON. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '');
}
