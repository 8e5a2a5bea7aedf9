/** Longer texts are flattened and encoded at once; shorter ones cost a call each. */
const FLUSH_LENGTH = 8_192;
/** Bytes that one UTF-16 unit takes in UTF-8 at the most. */
const MAX_BYTES_PER_UNIT = 3;

const encoder = new TextEncoder();

/** Lines for COPY in its text format, kept as bytes: ten thousand strings that live until the block is read would cost more than reading them. */
export class CopyText {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;
  #pending = '';

  constructor(expectedBytes: number) {
    this.#bytes = new Uint8Array(expectedBytes);
  }

  /** Adds one row; values that may hold anything go through {@link copyValue} first. */
  addRow(row: string): void {
    this.#pending += row;
    if (this.#pending.length >= FLUSH_LENGTH) this.#flush();
  }

  /** A view of memory that belongs to nobody else. */
  end(): Uint8Array<ArrayBuffer> {
    this.#flush();
    return this.#bytes.subarray(0, this.#length);
  }

  #flush(): void {
    const needed = this.#length + this.#pending.length * MAX_BYTES_PER_UNIT;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#length += encoder.encodeInto(this.#pending, this.#bytes.subarray(this.#length)).written;
    this.#pending = '';
  }
}

/** A value of the text format of COPY. */
export function copyValue(value: string): string {
  return /[\\\t\r\n]/.test(value) ? value.replace(/[\\\t\r\n]/g, (char) => COPY_ESCAPES[char] ?? char) : value;
}

const COPY_ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\r': '\\r', '\n': '\\n' };
