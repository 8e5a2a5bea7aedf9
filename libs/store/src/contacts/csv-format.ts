import { CarillonError } from '@carillon/contracts';
import iconv from 'iconv-lite';
import { findColumn } from './column-names.js';
import { csvRecords } from './csv-records.js';

/** How the bytes of a CSV file are to be read. */
export interface CsvFormat {
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030' | 'win1252';
  delimiter: string;
}

const DELIMITERS = [',', ';', '\t', '|'];
/** Rows that are looked at to tell the delimiter. */
const SAMPLE_ROWS = 20;

const ARCHIVES: { name: string; magic: number[]; fix: string }[] = [
  { name: 'gzip-compressed', magic: [0x1f, 0x8b], fix: 'unpack it and upload the CSV file inside' },
  { name: 'a ZIP archive or an Excel workbook', magic: [0x50, 0x4b, 0x03, 0x04], fix: 'unpack it, or save the sheet as CSV (UTF-8)' },
  { name: 'an empty ZIP archive', magic: [0x50, 0x4b, 0x05, 0x06], fix: 'upload the contacts as CSV (UTF-8)' },
  { name: 'an old Excel workbook', magic: [0xd0, 0xcf, 0x11, 0xe0], fix: 'save the sheet as CSV (UTF-8)' },
  { name: 'a PDF', magic: [0x25, 0x50, 0x44, 0x46], fix: 'export the contacts as CSV (UTF-8)' },
  { name: 'a 7-Zip archive', magic: [0x37, 0x7a, 0xbc, 0xaf], fix: 'unpack it and upload the CSV file inside' },
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
  if (head.subarray(0, 4).equals(Buffer.from([0x84, 0x31, 0x95, 0x33]))) return 'gb18030';
  const start = head.subarray(0, 1_000);
  const zeros = (parity: number) => start.filter((byte, index) => index % 2 === parity && byte === 0).length;
  const [even, odd] = [zeros(0), zeros(1)];
  // Delimiters, digits and line ends in UTF-16 without a mark have a zero beside them, always on the same side.
  if (odd > start.length * 0.1 && odd > even * 8) return 'utf-16le';
  if (even > start.length * 0.1 && even > odd * 8) return 'utf-16be';
  if (decodes(head, 'utf-8')) return 'utf-8';
  return looksChinese(head) ? 'gb18030' : 'win1252';
}

function decodes(head: Buffer, encoding: 'utf-8' | 'gb18030'): boolean {
  try {
    // `stream` forgives a character that the end of the sample cuts in two.
    new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** GBK writes a common Chinese character as two bytes above 0xA0; letters with accents in western files mostly stand alone. */
function looksChinese(head: Buffer): boolean {
  let pairs = 0;
  let singles = 0;
  for (let at = 0; at < head.length; at += 1) {
    if ((head[at] ?? 0) < 0x80) continue;
    if ((head[at] ?? 0) >= 0xb0 && (head[at + 1] ?? 0) >= 0xa1) {
      pairs += 1;
      at += 1;
    } else singles += 1;
  }
  return pairs > singles * 2 && decodes(head, 'gb18030');
}

/** Control characters other than tab and line ends do not occur in text; a few may be dirt, more are not text. */
function refuseBinary(text: string): void {
  const controls = text.match(/\p{Cc}/gu)?.filter((char) => !'\t\r\n\u0085'.includes(char)) ?? [];
  if (controls.includes('\0') || controls.length > 8 + text.length / 100) throw binaryFile();
}

export function binaryFile(): CarillonError {
  return unreadable('The file is binary, not text; save the contacts as CSV (UTF-8)');
}

/** The delimiter that makes a phone column of the header; without one, the one that cuts the rows most evenly into the most cells. */
function detectDelimiter(text: string): string {
  const samples = DELIMITERS.map((delimiter) => ({ delimiter, rows: sample(text, delimiter) }));
  const telling = samples.find(({ rows }) => findColumn(rows[0] ?? [], 'phone') >= 0);
  if (telling) return telling.delimiter;
  const scored = samples.map(({ delimiter, rows }) => ({ delimiter, score: evenness(rows) }));
  return scored.reduce((best, other) => (other.score > best.score ? other : best)).delimiter;
}

function sample(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  for (const { cells } of csvRecords(text, delimiter)) {
    rows.push(cells);
    if (rows.length === SAMPLE_ROWS) break;
  }
  return rows;
}

/** Rows with as many cells as the header, by the number of cells; a single column says nothing. */
function evenness(rows: readonly string[][]): number {
  const width = rows[0]?.length ?? 0;
  return width < 2 ? 0 : (rows.filter((cells) => cells.length === width).length / rows.length) * Math.min(width, 10);
}

export function unreadable(message: string): CarillonError {
  return new CarillonError('csv_unreadable', [{ field: 'file', message }]);
}
