import type { Ms } from '@carillon/pipeline';
import type { FakeTransport } from './fake-transport.js';

const FRAME_MS = 20;

/**
 * The longest time within a span in which the far end heard nothing of us. Worked out from what was sent and cleared alone, as a carrier plays it: one frame after
 * the other, none of what was cleared.
 */
export function longestSilence({ frames, clears }: Pick<FakeTransport, 'frames' | 'clears'>, span: { from: Ms; to: Ms }): Ms {
  const pending = [...clears];
  let silentFrom = span.from;
  let longest = 0;
  let heardUpTo = -Infinity;
  const hear = (from: Ms, to: Ms): void => {
    longest = Math.max(longest, Math.min(from, span.to) - silentFrom);
    silentFrom = Math.max(silentFrom, to);
  };
  for (const { at } of frames) {
    while (pending[0] !== undefined && pending[0] <= at) heardUpTo = Math.min(heardUpTo, pending.shift() ?? 0);
    const startsAt = Math.max(at, heardUpTo);
    heardUpTo = startsAt + FRAME_MS;
    const stoppedAt = pending[0] ?? Infinity;
    if (startsAt < stoppedAt) hear(startsAt, Math.min(heardUpTo, stoppedAt));
  }
  return Math.max(longest, span.to - silentFrom);
}
