const ZERO = 0x30;
const DOT = 0x2e;

/**
 * The instant (epoch ms) that is written as `2026-11-20T10:00:00.000Z` from `start` on; null when something else stands there. Read from the bytes, since 50
 * frames a second and call carry one. More digits than milliseconds have are left out, and so is the zone: it is the same in all messages of a call.
 */
export function readInstant(data: Uint8Array, start: number): number | null {
  const date = Date.UTC(digits(data, start, 4), digits(data, start + 5, 2) - 1, digits(data, start + 8, 2));
  const seconds = digits(data, start + 11, 2) * 3_600 + digits(data, start + 14, 2) * 60 + digits(data, start + 17, 2);
  const at = date + seconds * 1_000 + (data[start + 19] === DOT ? fractionMs(data, start + 20) : 0);
  return Number.isNaN(at) ? null : at;
}

function fractionMs(data: Uint8Array, start: number): number {
  let ms = 0;
  for (let index = 0, unit = 100; index < 3; index += 1, unit /= 10) {
    const digit = (data[start + index] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    ms += digit * unit;
  }
  return ms;
}

function digits(data: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let index = start; index < start + count; index += 1) {
    const digit = (data[index] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return value;
}
