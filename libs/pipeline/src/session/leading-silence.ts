/** −50 dBFS: below what a voice does, above what an encoder leaves behind. */
const SILENCE = 104;

/** More is no mere lead-in but meant. */
const MAX_TRIM_MS = 400;

/** Kept before the first audible sample: soft onsets begin below the threshold. */
const KEEP_MS = 10;

/**
 * How many samples of silence stand at the head of synthesised speech: each is a moment that the person would wait. `trimmed` were cut from
 * earlier chunks; `over` when voice has begun or the limit is reached.
 */
export function leadingSilence(pcm: Int16Array, sampleRate: number, trimmed: number): { samples: number; over: boolean } {
  const left = (sampleRate * MAX_TRIM_MS) / 1000 - trimmed;
  const limit = Math.min(left, pcm.length);
  let index = 0;
  while (index < limit && Math.abs(pcm[index] ?? 0) < SILENCE) index += 1;
  if (index === pcm.length && index < left) return { samples: index, over: false };
  return { samples: Math.max(0, index - (sampleRate * KEEP_MS) / 1000), over: true };
}
