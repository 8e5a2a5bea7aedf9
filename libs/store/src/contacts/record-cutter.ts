import { unreadable } from './csv-format.js';

/** Whole records of a file as UTF-8, and the line of the file on which they begin. */
export interface RecordBlock {
  line: number;
  bytes: Uint8Array<ArrayBuffer>;
  /** The first record is no contact. */
  hasHeader?: boolean;
  /** There is no other one. */
  isWholeFile?: boolean;
}

/** No sane record is longer; a lost closing quote would otherwise swallow the rest of the file. */
const MAX_RECORD_BYTES = 1_048_576;

/** A block ends behind its size by a piece and a record; most fit into this. */
const ROOM_BYTES = 131_072;

const QUOTE = 0x22;
const FEED = 0x0a;
const RETURN = 0x0d;

// Numbers and no words, because each byte of a file is compared with them.
const CELL_START = 0;
const PLAIN = 1;
const QUOTED = 2;
/** Right after a quote within quotes, which either closes the cell or is the first of a doubled one. */
const QUOTE_IN_QUOTED = 3;

/**
 * Cuts UTF-8 that arrives in pieces into blocks of whole records, by the rules of `csvRecords`; the blocks are read elsewhere. One pass over the
 * bytes, about a nanosecond each. Memory is bounded by a block and the longest record. Throws `csv_unreadable` for a record without an end.
 */
export class RecordCutter {
  readonly #delimiter: number;
  #place = CELL_START;
  #afterReturn = false;
  #bytes = new Uint8Array(0);
  /** Bytes that have come, how many of them are whole records, and the line on which each of these two parts begins. */
  #length = 0;
  #whole = 0;
  #line = 1;
  #wholeLine = 1;
  #blockLine = 1;

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /** A block, once `blockBytes` have come together. The piece is copied: its memory may be used again. */
  push(piece: Uint8Array, blockBytes: number): RecordBlock | null {
    this.#scan(piece);
    this.#append(piece, blockBytes);
    if (this.#length - this.#whole > MAX_RECORD_BYTES) {
      throw unreadable(`The record of line ${this.#wholeLine} is longer than ${MAX_RECORD_BYTES} bytes; is a closing quote missing?`);
    }
    return this.#whole >= blockBytes ? this.#take(this.#whole) : null;
  }

  /** What is left: the last record needs no line end. */
  end(): RecordBlock | null {
    if (this.#place === QUOTED) throw unreadable(`The quote that opens in the record of line ${this.#wholeLine} is never closed`);
    return this.#length > 0 ? this.#take(this.#length) : null;
  }

  #append(piece: Uint8Array, blockBytes: number): void {
    const needed = this.#length + piece.length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2, blockBytes + ROOM_BYTES));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.#length);
    this.#length = needed;
  }

  /** Memory that nobody else has: it can be handed to a thread. */
  #take(length: number): RecordBlock {
    const block = { line: this.#blockLine, bytes: this.#bytes.subarray(0, length) };
    this.#bytes = this.#bytes.slice(length, this.#length);
    this.#length = this.#bytes.length;
    this.#whole = 0;
    this.#blockLine = this.#wholeLine;
    return block;
  }

  #scan(piece: Uint8Array): void {
    const delimiter = this.#delimiter;
    let place = this.#place;
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at];
      if (this.#afterReturn) {
        // Only now is it known whether the line ended with one character or with two.
        this.#afterReturn = false;
        if (place !== QUOTED) this.#endRecord(at + (byte === FEED ? 1 : 0));
        if (byte === FEED) continue;
      }
      if (byte === FEED || byte === RETURN) {
        this.#line += 1;
        this.#afterReturn = byte === RETURN;
        if (place === QUOTED) continue;
        place = CELL_START;
        if (byte === FEED) this.#endRecord(at + 1);
      } else if (byte === QUOTE) place = afterQuote(place);
      else if (place === QUOTED) continue;
      else place = byte === delimiter ? CELL_START : PLAIN;
    }
    this.#place = place;
  }

  #endRecord(at: number): void {
    this.#whole = this.#length + at;
    this.#wholeLine = this.#line;
  }
}

function afterQuote(place: number): number {
  if (place === QUOTED) return QUOTE_IN_QUOTED;
  return place === PLAIN ? PLAIN : QUOTED;
}
