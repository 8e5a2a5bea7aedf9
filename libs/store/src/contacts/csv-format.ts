import { CarillonError } from '@carillon/contracts';
import iconv from 'iconv-lite';
import Papa from 'papaparse';
import { findPhoneColumn } from './phone-column.js';

/** How the bytes of a CSV file are to be read. */
export interface CsvFormat {
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'win1252';
  delimiter: string;
}

const DELIMITERS = [',', ';', '\t', '|'];

const ARCHIVES: { name: string; magic: number[]; fix: string }[] = [
  { name: 'gzip-compressed', magic: [0x1f, 0x8b], fix: 'unpack it and upload the CSV file inside' },
  { name: 'a ZIP archive or an Excel workbook', magic: [0x50, 0x4b], fix: 'unpack it, or save the sheet as CSV (UTF-8)' },
  { name: 'an old Excel workbook', magic: [0xd0, 0xcf, 0x11, 0xe0], fix: 'save the sheet as CSV (UTF-8)' },
  { name: 'a PDF', magic: [0x25, 0x50, 0x44, 0x46], fix: 'export the contacts as CSV (UTF-8)' },
];

/** Tells the format from the first bytes. Throws `csv_unreadable`, naming what the file is instead and what to do. */
export function detectCsvFormat(head: Buffer): CsvFormat {
  refuseArchives(head);
  const encoding = detectEncoding(head);
  const text = iconv.decode(head, encoding);
  if (text.trim() === '') throw unreadable('The file is empty; upload a header row and one row per contact');
  refuseBinary(text);
  return { encoding, delimiter: detectDelimiter(text) };
}

function refuseArchives(head: Buffer): void {
  const archive = ARCHIVES.find(({ magic }) => magic.every((byte, index) => head[index] === byte));
  if (archive) throw unreadable(`The file is ${archive.name}; ${archive.fix}`);
}

function detectEncoding(head: Buffer): CsvFormat['encoding'] {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const start = head.subarray(0, 1_000);
  const zeros = (parity: number) => start.filter((byte, index) => index % 2 === parity && byte === 0).length;
  // Text of western languages in UTF-16 without a mark: nearly every second byte is zero, the others are not.
  if (zeros(1) > start.length * 0.4 && zeros(0) === 0) return 'utf-16le';
  if (zeros(0) > start.length * 0.4 && zeros(1) === 0) return 'utf-16be';
  return isUtf8(head) ? 'utf-8' : 'win1252';
}

function isUtf8(head: Buffer): boolean {
  try {
    // `stream` forgives a character that the end of the sample cuts in two.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Control characters other than tab and line ends do not occur in text; a few may be dirt, more are not text. */
export function refuseBinary(text: string): void {
  const controls = text.match(/\p{Cc}/gu)?.filter((char) => !'\t\r\n\u0085'.includes(char)) ?? [];
  if (controls.includes('\0') || controls.length > 8 + text.length / 100) {
    throw unreadable('The file is binary, not text; save the contacts as CSV (UTF-8)');
  }
}

/** The delimiter that makes a phone column of the header; without one, the one that cuts the rows most evenly. */
function detectDelimiter(text: string): string {
  const parse = (delimiter: string, preview: number) =>
    Papa.parse<string[]>(text, { delimiter, delimitersToGuess: DELIMITERS, preview, skipEmptyLines: 'greedy' });
  const telling = DELIMITERS.find((delimiter) => findPhoneColumn(parse(delimiter, 1).data[0] ?? []) >= 0);
  return telling ?? parse('', 20).meta.delimiter;
}

function unreadable(message: string): CarillonError {
  return new CarillonError('csv_unreadable', [{ field: 'file', message }]);
}
