import { IANAZone } from 'luxon';

export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Instants as milliseconds since 1970, `to` excluded. */
export interface Interval {
  from: number;
  to: number;
}

/** A stretch of time in which a zone's clocks are `offsetMs` ahead of UTC. */
interface Piece extends Interval {
  offsetMs: number;
}

/** A day of somebody's calendar as days since 1970-01-01, which has no time zone. */
export type LocalDay = number;

/** Kept, since the platform builds a date format to answer it; bounded, since anybody may write anything into a contact's zone. */
const validity = new Map<string, boolean>();
const KEPT_NAMES = 2_000;

export function isZone(zone: string): boolean {
  const known = validity.get(zone);
  if (known !== undefined) return known;
  const isValid = IANAZone.isValidZone(zone);
  if (validity.size >= KEPT_NAMES) validity.clear();
  validity.set(zone, isValid);
  return isValid;
}

/** What clocks in the zone show, as if it were UTC. */
export function wallClock(zone: string, at: number): number {
  const piece = blockOfPieces(zone, Math.floor(at / BLOCK_MS)).find(({ to }) => at < to);
  return at + (piece?.offsetMs ?? askOffsetMs(zone, at));
}

export function localDay(zone: string, at: number): LocalDay {
  return Math.floor(wallClock(zone, at) / DAY_MS);
}

/** 0 is Monday, as in `WEEKDAYS`; the first of January 1970 was a Thursday. */
export function weekdayOf(day: LocalDay): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** YYYY-MM-DD */
export function dateOf(day: LocalDay): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** From the first instant of the zone's day to the last, 23 to 25 hours. A clock that is put back over midnight makes the day longer, never shorter. */
export function localDayAround(zone: string, at: number): Interval {
  const day = localDay(zone, at);
  const parts = offsetPieces(zone, at - 2 * DAY_MS, at + 2 * DAY_MS)
    .map(({ from, to, offsetMs: ahead }) => ({ from: Math.max(from, day * DAY_MS - ahead), to: Math.min(to, (day + 1) * DAY_MS - ahead) }))
    .filter(({ from, to }) => from < to);
  return { from: Math.min(...parts.map(({ from }) => from)), to: Math.max(...parts.map(({ to }) => to)) };
}

/** When the day ends that it is in the zone. Errors: RangeError for a zone that does not exist. */
export function endOfDay(zone: string, at: Date): Date {
  if (!isZone(zone)) throw new RangeError('not an IANA time zone');
  return new Date(localDayAround(zone, at.getTime()).to);
}

/**
 * The instants between `from` and `to` that the zone's clocks show as inside the minutes of a day, as `minutesOf` has them: ascending. Where clocks are
 * put forward the minutes that are left out never come, where they are put back the repeated ones come twice.
 */
export function whenClockIsIn(zone: string, { from, to }: Interval, minutesOf: (day: LocalDay) => readonly Interval[]): Interval[] {
  return offsetPieces(zone, from, to).flatMap((piece) => {
    const start = Math.max(piece.from, from);
    const end = Math.min(piece.to, to);
    const found: Interval[] = [];
    for (let day = Math.floor((start + piece.offsetMs) / DAY_MS); day * DAY_MS - piece.offsetMs < end; day++)
      for (const minutes of minutesOf(day)) {
        const midnight = day * DAY_MS - piece.offsetMs;
        const open = { from: Math.max(start, midnight + minutes.from * MINUTE_MS), to: Math.min(end, midnight + minutes.to * MINUTE_MS) };
        if (open.from < open.to) found.push(open);
      }
    return found;
  });
}

/** Pieces are worked out for so many days at once, from a midnight of UTC on, and kept: asking the platform for an offset is slow. */
const BLOCK_MS = 32 * DAY_MS;
const KEPT_BLOCKS = 2_000;
const kept = new Map<string, readonly Piece[]>();

function offsetPieces(zone: string, from: number, to: number): Piece[] {
  const pieces: Piece[] = [];
  for (let block = Math.floor(from / BLOCK_MS); block * BLOCK_MS < to; block++) pieces.push(...blockOfPieces(zone, block));
  return pieces.filter((piece) => piece.to > from && piece.from < to);
}

function blockOfPieces(zone: string, block: number): readonly Piece[] {
  const key = `${zone} ${block}`;
  const known = kept.get(key);
  if (known) return known;
  const pieces = findPieces(zone, block * BLOCK_MS, (block + 1) * BLOCK_MS);
  if (kept.size >= KEPT_BLOCKS) kept.clear();
  kept.set(key, pieces);
  return pieces;
}

/** No zone changes its clocks twice within a day. */
function findPieces(zone: string, from: number, to: number): Piece[] {
  const pieces: Piece[] = [];
  let piece: Piece = { from, to: from, offsetMs: askOffsetMs(zone, from) };
  for (let day = from; day < to; day += DAY_MS) {
    const next = askOffsetMs(zone, day + DAY_MS);
    if (next === piece.offsetMs) continue;
    const change = changeBetween(zone, day, day + DAY_MS);
    pieces.push({ ...piece, to: change });
    piece = { from: change, to: change, offsetMs: next };
  }
  return [...pieces, { ...piece, to }];
}

/** First instant with the later offset. */
function changeBetween(zone: string, before: number, after: number): number {
  const later = askOffsetMs(zone, after);
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (askOffsetMs(zone, middle) === later) high = middle;
    else low = middle;
  }
  return high;
}

function askOffsetMs(zone: string, at: number): number {
  return IANAZone.create(zone).offset(at) * MINUTE_MS;
}
