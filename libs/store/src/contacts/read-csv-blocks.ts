import type { ContactMapping } from '@carillon/contracts';
import { readBlocks } from './read-blocks.js';
import { readContactColumns } from './contact-columns.js';
import { unreadable } from './csv-format.js';
import { csvRecords, type CsvRecord } from './csv-records.js';
import type { ReadBlock } from './read-block.js';
import { RecordCutter, type RecordBlock } from './record-cutter.js';
import { openUtf8, type UploadBytes } from './upload-bytes.js';

/** The first block is read here and at once; it is a file of about a thousand rows, or the beginning of a larger one. */
const FIRST_BLOCK_BYTES = 131_072;
/** About 10,000 rows: a transaction of a fifth of a second, and little memory. */
const BLOCK_BYTES = 1_048_576;
/** Rows below the header from which a phone column is suggested. */
const SAMPLE_ROWS = 50;

export interface CsvReading {
  defaultRegion: string;
  mapping: ContactMapping;
}

/**
 * The contacts and refused rows of an upload, block by block, in the file's order. Throws `csv_unreadable`, `csv_without_phone_column`,
 * `body_too_large`, `invalid_body`: when the file as a whole cannot be used, or from where on it cannot. Memory is bounded by a few blocks.
 */
export async function* readCsvBlocks(upload: UploadBytes, { defaultRegion, mapping }: CsvReading): AsyncGenerator<ReadBlock> {
  const { format, pieces } = await openUtf8(upload);
  const blocks = cutBlocks(pieces, format.delimiter);
  const first = await blocks.next();
  const [record, ...sample] = first.done ? [] : firstRecords(first.value, format.delimiter);
  if (first.done || !record) throw unreadable('The file is empty; upload a header row and one row per contact');
  const columns = readContactColumns({ record, sample, defaultRegion, mapping });
  let rows = 0;
  for await (const block of readBlocks({ ...first.value, hasHeader: true }, blocks, {
    columns,
    defaultRegion,
    delimiter: format.delimiter,
  })) {
    rows += block.rows;
    yield block;
  }
  if (rows === 0) throw unreadable('The file has a header and no rows below it; add one row per contact');
}

async function* cutBlocks(pieces: AsyncIterable<Uint8Array>, delimiter: string): AsyncGenerator<RecordBlock> {
  const cutter = new RecordCutter(delimiter);
  let blockBytes = FIRST_BLOCK_BYTES;
  let isWholeFile = true;
  for await (const piece of pieces) {
    const block = cutter.push(piece, blockBytes);
    if (!block) continue;
    blockBytes = BLOCK_BYTES;
    isWholeFile = false;
    yield block;
  }
  const last = cutter.end();
  if (last) yield { ...last, isWholeFile };
}

function firstRecords({ bytes }: RecordBlock, delimiter: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  for (const record of csvRecords(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), delimiter)) {
    records.push(record);
    if (records.length > SAMPLE_ROWS) break;
  }
  return records;
}
