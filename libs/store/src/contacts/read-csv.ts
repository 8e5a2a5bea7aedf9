import { CarillonError } from '@carillon/contracts';
import iconv from 'iconv-lite';
import { detectCsvFormat, refuseBinary } from './csv-format.js';
import { CsvTokeniser, type CsvRecord } from './csv-tokeniser.js';

/** Enough to tell encoding and delimiter. */
const HEAD_BYTES = 65_536;

/** Records of a CSV file in batches as the bytes come in; memory is bounded by the head and one piece. Throws `csv_unreadable`, `body_too_large`. */
export async function* readCsv(file: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<CsvRecord[]> {
  let parse: ReturnType<typeof openParser> | undefined;
  for await (const piece of withHead(limited(file, maxBytes))) {
    parse ??= openParser(piece);
    yield parse.push(piece);
  }
  if (parse) yield parse.end();
}

function openParser(head: Buffer) {
  const { encoding, delimiter } = detectCsvFormat(head);
  const decoder = iconv.getDecoder(encoding);
  const tokeniser = new CsvTokeniser(delimiter);
  return {
    push(piece: Buffer): CsvRecord[] {
      const text = decoder.write(piece);
      refuseBinary(text);
      return tokeniser.push(text);
    },
    end: (): CsvRecord[] => [...tokeniser.push(decoder.end() ?? ''), ...tokeniser.end()],
  };
}

/** The same bytes; the first piece is as long as the head, or the whole of a smaller file. Always yields one piece at least. */
async function* withHead(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer[] | null = [];
  let length = 0;
  for await (const piece of file) {
    if (!head) yield piece;
    else {
      head.push(piece);
      length += piece.length;
      if (length < HEAD_BYTES) continue;
      yield Buffer.concat(head);
      head = null;
    }
  }
  if (head) yield Buffer.concat(head);
}

async function* limited(file: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Buffer> {
  let sizeBytes = 0;
  for await (const piece of file) {
    sizeBytes += piece.length;
    if (sizeBytes > maxBytes) {
      throw new CarillonError('body_too_large', [{ field: 'file', message: `The file is larger than ${maxBytes} bytes; split it` }]);
    }
    yield Buffer.from(piece.buffer, piece.byteOffset, piece.length);
  }
}
