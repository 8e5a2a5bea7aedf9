/** Reads values that were written by hand, and says where one is wrong. Errors: RangeError with the path, such as `uk.rules[2].limit: …`. */
export class JsonReader {
  constructor(
    private readonly value: unknown,
    readonly path: string,
  ) {}

  fail(expected: string): never {
    throw new RangeError(`${this.path}: must be ${expected}`);
  }

  /** Refuses keys that nobody reads: a mistyped one must not be a rule that silently does not hold. */
  only(...keys: string[]): this {
    const strangers = Object.keys(this.object()).filter((key) => !keys.includes(key));
    return strangers.length === 0 ? this : this.fail(`without "${strangers.join('", "')}"`);
  }

  at(key: string): JsonReader {
    return new JsonReader(this.object()[key], `${this.path}.${key}`);
  }

  get isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  get isList(): boolean {
    return Array.isArray(this.value);
  }

  orNull<T>(read: (value: JsonReader) => T): T | null {
    return this.isMissing ? null : read(this);
  }

  list(): JsonReader[] {
    if (!Array.isArray(this.value)) return this.fail('a list');
    return this.value.map((item: unknown, index) => new JsonReader(item, `${this.path}[${index}]`));
  }

  text(pattern = /[^]/, expected = 'a text that is not empty'): string {
    return typeof this.value === 'string' && pattern.test(this.value) ? this.value : this.fail(expected);
  }

  date(): string {
    const text = this.text(/^\d{4}-\d{2}-\d{2}$/, 'a date such as 2026-08-11');
    return new Date(`${text}T00:00:00Z`).toISOString().startsWith(text) ? text : this.fail('a day of the calendar');
  }

  oneOf<T extends string>(choices: readonly T[]): T {
    return choices.find((choice) => choice === this.value) ?? this.fail(`one of ${choices.join(', ')}`);
  }

  flag(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.fail('true or false');
  }

  /** A number above 0. */
  positive(): number {
    return typeof this.value === 'number' && this.value > 0 ? this.value : this.fail('a number above 0');
  }

  count(): number {
    return Number.isInteger(this.positive()) ? this.positive() : this.fail('a whole number');
  }

  private object(): Record<string, unknown> {
    const { value } = this;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value))
      : this.fail('an object');
  }
}
