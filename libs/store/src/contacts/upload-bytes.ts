import { CarillonError } from '@carillon/contracts';
import iconv from 'iconv-lite';
import { binaryFile, detectCsvFormat, type CsvFormat } from './csv-format.js';

/** Enough to tell encoding and delimiter. */
export const HEAD_BYTES = 65_536;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The bytes of a file that arrives, with how much of it has come. A piece is used up before the next one is asked for: the sender may reuse its memory. */
export class UploadBytes {
  #readBytes = 0;
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #maxBytes: number;

  constructor(file: AsyncIterable<Uint8Array>, maxBytes: number) {
    this.#pieces = file[Symbol.asyncIterator]();
    this.#maxBytes = maxBytes;
  }

  /** Bytes of the file as it was sent. */
  get readBytes(): number {
    return this.#readBytes;
  }

  /** The beginning of the file: all of a small one. */
  async head(): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for (let length = 0; length < HEAD_BYTES; length += pieces.at(-1)?.length ?? 0) {
      const piece = await this.next();
      if (!piece) break;
      pieces.push(piece.slice());
    }
    return Buffer.concat(pieces);
  }

  /** Throws `body_too_large` as soon as more has come than is taken. */
  async next(): Promise<Uint8Array | null> {
    const { value, done } = await this.#pieces.next();
    if (done) return null;
    this.#readBytes += value.length;
    if (this.#readBytes <= this.#maxBytes) return value;
    throw new CarillonError('body_too_large', [{ field: 'file', message: `The file is larger than ${this.#maxBytes} bytes; split it` }]);
  }

  /** Nothing more is read: the sender need not wait for us, nor do we for a piece that is on its way. */
  stop(): void {
    this.#pieces.return?.().catch(() => undefined);
  }
}

export interface Utf8Upload {
  format: CsvFormat;
  /** The file in UTF-8 without a byte order mark, in pieces of at most `HEAD_BYTES`; throws `csv_unreadable` for what turns out to be binary. */
  pieces: AsyncGenerator<Uint8Array>;
}

/** Looks at the head of an upload. Throws `csv_unreadable` with what it is instead of a CSV file. */
export async function openUtf8(upload: UploadBytes): Promise<Utf8Upload> {
  const head = await upload.head();
  const format = detectCsvFormat(head);
  return { format, pieces: format.encoding === 'utf-8' ? utf8Pieces(head, upload) : recoded(head, upload, format.encoding) };
}

async function* utf8Pieces(head: Buffer, upload: UploadBytes): AsyncGenerator<Uint8Array> {
  const marked = head.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  yield* cut(marked ? head.subarray(BYTE_ORDER_MARK.length) : head);
  for (let piece = await upload.next(); piece; piece = await upload.next()) yield* cut(piece);
}

async function* recoded(head: Buffer, upload: UploadBytes, encoding: string): AsyncGenerator<Uint8Array> {
  const decoder = iconv.getDecoder(encoding);
  yield* cut(Buffer.from(decoder.write(head)));
  for (let piece = await upload.next(); piece; piece = await upload.next()) yield* cut(Buffer.from(decoder.write(asBuffer(piece))));
  const rest = decoder.end();
  if (rest) yield Buffer.from(rest);
}

/** A network gives small pieces, a test or a disk maybe a large one, which would slip past the limit of a record. */
function* cut(piece: Uint8Array): Generator<Uint8Array> {
  if (piece.includes(0)) throw binaryFile();
  for (let at = 0; at < piece.length; at += HEAD_BYTES) yield piece.subarray(at, at + HEAD_BYTES);
}

function asBuffer(piece: Uint8Array): Buffer {
  return Buffer.from(piece.buffer, piece.byteOffset, piece.length);
}
