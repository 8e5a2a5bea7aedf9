const NAMED_TONES: ReadonlyMap<string, string> = new Map([
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'].map((name, digit) => [name, String(digit)] as const),
  ['asterisk', '*'],
  ['pound', '#'],
]);

/** ACS names tones in callbacks (`five`, `pound`) and mostly writes their sign on the media socket; we use the sign. Null when it is neither. */
export function toneOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const sign = NAMED_TONES.get(value.toLowerCase()) ?? value.toUpperCase();
  return /^[0-9A-D*#]$/.test(sign) ? sign : null;
}
