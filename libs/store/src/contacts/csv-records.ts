/** One record of a CSV file. `line` is where it begins, the first line of the file being 1. */
export interface CsvRecord {
  line: number;
  cells: string[];
}

/**
 * Cuts text into records (RFC 4180, any one-character delimiter, any line end). A quote counts only at the start of a cell, as spreadsheets
 * write it; what follows the closing quote belongs to the cell too. Blank lines are left out. The text begins with a record and ends with one: see
 * `RecordCutter`, which follows the same rules byte by byte.
 */
export function* csvRecords(text: string, delimiter: string, firstLine = 1): Generator<CsvRecord> {
  const scan = new Scan(text, delimiter);
  let line = firstLine;
  while (scan.at < text.length) {
    const record = { line, cells: scan.hasQuoteInLine() ? scan.takeQuotedRecord() : scan.takePlainLine() };
    line += 1 + scan.takeLinesInQuotes();
    if (record.cells.some((cell) => cell.trim() !== '')) yield record;
  }
}

/** Where a character comes next; looks ahead once and remembers, so that a whole text is searched once per character. */
class NextOf {
  readonly #text: string;
  readonly #char: string;
  #found = -1;

  constructor(text: string, char: string) {
    this.#text = text;
    this.#char = char;
  }

  /** `from` may not go back. */
  after(from: number): number {
    if (this.#found < from) {
      const found = this.#text.indexOf(this.#char, from);
      this.#found = found < 0 ? this.#text.length : found;
    }
    return this.#found;
  }
}

class Scan {
  at = 0;
  readonly #text: string;
  readonly #delimiterChar: string;
  readonly #quote: NextOf;
  readonly #feed: NextOf;
  readonly #return: NextOf;
  readonly #delimiter: NextOf;
  #linesInQuotes = 0;

  constructor(text: string, delimiter: string) {
    this.#text = text;
    this.#delimiterChar = delimiter;
    this.#quote = new NextOf(text, '"');
    this.#feed = new NextOf(text, '\n');
    this.#return = new NextOf(text, '\r');
    this.#delimiter = new NextOf(text, delimiter);
  }

  hasQuoteInLine(): boolean {
    return this.#quote.after(this.at) < this.#lineEnd();
  }

  takePlainLine(): string[] {
    const end = this.#lineEnd();
    const cells = this.#text.slice(this.at, end).split(this.#delimiterChar);
    this.#passLineEnd(end);
    return cells;
  }

  takeQuotedRecord(): string[] {
    const cells: string[] = [];
    for (;;) {
      cells.push(this.#text[this.at] === '"' ? this.#takeQuotes() + this.#takePlainCell() : this.#takePlainCell());
      if (this.#text[this.at] !== this.#delimiterChar) break;
      this.at += 1;
    }
    this.#passLineEnd(this.at);
    return cells;
  }

  /** Line ends that the last record held within quotes. */
  takeLinesInQuotes(): number {
    const lines = this.#linesInQuotes;
    this.#linesInQuotes = 0;
    return lines;
  }

  #lineEnd(): number {
    return Math.min(this.#feed.after(this.at), this.#return.after(this.at));
  }

  #passLineEnd(end: number): void {
    this.at = end + (this.#text[end] === '\r' && this.#text[end + 1] === '\n' ? 2 : 1);
  }

  #takePlainCell(): string {
    const end = Math.min(this.#delimiter.after(this.at), this.#lineEnd());
    const cell = this.#text.slice(this.at, end);
    this.at = end;
    return cell;
  }

  /** From an opening quote to behind its closing one. */
  #takeQuotes(): string {
    const start = this.at + 1;
    let close = this.#quote.after(start);
    while (this.#text[close + 1] === '"' && close < this.#text.length) close = this.#quote.after(close + 2);
    this.at = Math.min(close + 1, this.#text.length);
    const inside = this.#text.slice(start, close);
    if (this.#feed.after(start) < close || this.#return.after(start) < close)
      this.#linesInQuotes += inside.match(/\r\n|\r|\n/g)?.length ?? 0;
    return inside.includes('"') ? inside.replaceAll('""', '"') : inside;
  }
}
