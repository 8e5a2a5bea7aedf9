import { CarillonError } from '@carillon/contracts';

/** One record of a CSV file. `line` is where it begins, the first line of the file being 1. */
export interface CsvRecord {
  line: number;
  cells: string[];
}

/** No sane record is longer; a lost closing quote would otherwise swallow the rest of the file. */
const MAX_RECORD_LENGTH = 1_000_000;

/** `quote in quoted`: right after a quote within quotes, which either closes the cell or is the first of a doubled one. */
type Place = 'cell start' | 'plain' | 'quoted' | 'quote in quoted';

/**
 * Cuts text that arrives in pieces into records (RFC 4180, any one-character delimiter, any line end). A quote counts only at the start of a
 * cell, as spreadsheets write it. Memory is bounded by the longest record. Blank lines are left out.
 */
export class CsvTokeniser {
  readonly #delimiter: string;
  #at: Place = 'cell start';
  #cells: string[] = [];
  #cell = '';
  #length = 0;
  #line = 1;
  #recordLine = 1;
  #afterReturn = false;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  /** The records that this piece completes. */
  push(text: string): CsvRecord[] {
    const records: CsvRecord[] = [];
    for (const char of text) {
      const record = this.#take(char);
      if (record) records.push(record);
    }
    return records;
  }

  /** The last record, where the file does not end with a line end. Throws `csv_unreadable` when it ends within quotes. */
  end(): CsvRecord[] {
    if (this.#at === 'quoted') throw unreadable(`The quote that opens in the record of line ${this.#recordLine} is never closed`);
    const record = this.#finishRecord();
    return record ? [record] : [];
  }

  #take(char: string): CsvRecord | null {
    const secondOfLineEnd = this.#afterReturn && char === '\n';
    this.#afterReturn = char === '\r';
    if (this.#at === 'quoted') return this.#takeQuoted(char, secondOfLineEnd);
    if (secondOfLineEnd) return null;
    if (char === '\n' || char === '\r') {
      this.#line += 1;
      return this.#finishRecord();
    }
    this.#takePlain(char);
    return null;
  }

  #takeQuoted(char: string, secondOfLineEnd: boolean): null {
    if (char === '"') this.#at = 'quote in quoted';
    else this.#append(char);
    if ((char === '\n' && !secondOfLineEnd) || char === '\r') this.#line += 1;
    return null;
  }

  #takePlain(char: string): void {
    if (char === this.#delimiter) return this.#finishCell();
    if (char === '"' && this.#at !== 'plain') {
      if (this.#at === 'quote in quoted') this.#append(char);
      this.#at = 'quoted';
      return;
    }
    this.#at = 'plain';
    this.#append(char);
  }

  #append(char: string): void {
    this.#cell += char;
    this.#length += 1;
    if (this.#length > MAX_RECORD_LENGTH) {
      throw unreadable(
        `The record of line ${this.#recordLine} is longer than ${MAX_RECORD_LENGTH} characters; is a closing quote missing?`,
      );
    }
  }

  #finishCell(): void {
    this.#cells.push(this.#cell);
    this.#cell = '';
    this.#length += 1;
    this.#at = 'cell start';
  }

  #finishRecord(): CsvRecord | null {
    this.#finishCell();
    const record = { line: this.#recordLine, cells: this.#cells };
    this.#cells = [];
    this.#length = 0;
    this.#recordLine = this.#line;
    return record.cells.some((cell) => cell.trim() !== '') ? record : null;
  }
}

function unreadable(message: string): CarillonError {
  return new CarillonError('csv_unreadable', [{ field: 'file', message }]);
}
