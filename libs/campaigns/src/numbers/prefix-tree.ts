/** Strings of digits, each with a number ≥ 0; answers with that of the longest one a text begins with. Look-ups allocate nothing. */
export class PrefixTree {
  /** Ten children per node; 0 is none, for the root is nobody's child. */
  private children: Int32Array = new Int32Array(1024 * 10);
  private values: Int32Array = new Int32Array(1024).fill(-1);
  private size = 1;

  constructor(entries: Iterable<readonly [prefix: string, value: number]>) {
    for (const [prefix, value] of entries) this.add(prefix, value);
  }

  /** -1 when no prefix fits. `from` is where the digits begin in the text. */
  longest(text: string, from = 0): number {
    let node = 0;
    let found = -1;
    for (let at = from; at < text.length; at++) {
      node = this.children[node * 10 + text.charCodeAt(at) - 48] ?? 0;
      if (node === 0) return found;
      const value = this.values[node] ?? -1;
      if (value >= 0) found = value;
    }
    return found;
  }

  private add(prefix: string, value: number): void {
    let node = 0;
    for (const digit of prefix) {
      const edge = node * 10 + Number(digit);
      node = this.children[edge] || this.grow(edge);
    }
    this.values[node] = value;
  }

  private grow(edge: number): number {
    if (this.size === this.values.length) this.makeRoom();
    this.children[edge] = this.size;
    return this.size++;
  }

  private makeRoom(): void {
    const children = new Int32Array(this.children.length * 2);
    const values = new Int32Array(this.values.length * 2).fill(-1);
    children.set(this.children);
    values.set(this.values);
    this.children = children;
    this.values = values;
  }
}
