/** What was lost fades out over this long, as in G.711 appendix I: nobody can tell any more how a longer sound would have gone on. */
const FADE_MS = 60;

/**
 * One frame in the place of a lost one: what was heard last, played backwards, then forwards and so on, so that there is no step at the joints, and fading to
 * silence. `index` counts the lost frames of one gap from 0.
 */
export function concealGap(last: Int16Array, index: number, samples: number, sampleRate: number): Int16Array {
  const frame = new Int16Array(samples);
  const fadeSamples = (FADE_MS * sampleRate) / 1000;
  const backwards = index % 2 === 0;
  const first = Math.max(0, last.length - samples);
  for (let at = 0; at < samples; at += 1) {
    const gain = 1 - (index * samples + at) / fadeSamples;
    if (gain <= 0) break;
    frame[at] = gain * (last[backwards ? last.length - 1 - at : first + at] ?? 0);
  }
  return frame;
}
