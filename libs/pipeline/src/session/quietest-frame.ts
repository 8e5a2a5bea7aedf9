/**
 * Of the frames between two, both included, the one with the least energy; of equals the one next to `near`. Between two words the voice is
 * quieter than in them.
 */
export function quietestFrame(
  chunks: readonly Int16Array[],
  frameSamples: number,
  { from, to, near }: { from: number; to: number; near: number },
): number {
  const energies = energiesOf(chunks, frameSamples, from, to);
  let best = Math.min(to, Math.max(from, near));
  for (let frame = from; frame <= to; frame += 1) {
    const gain = (energies[best - from] ?? 0) - (energies[frame - from] ?? 0);
    if (gain > 0 || (gain === 0 && Math.abs(frame - near) < Math.abs(best - near))) best = frame;
  }
  return best;
}

function energiesOf(chunks: readonly Int16Array[], frameSamples: number, from: number, to: number): Float64Array {
  const energies = new Float64Array(to - from + 1);
  let before = 0;
  for (const chunk of chunks) {
    const end = Math.min(chunk.length, (to + 1) * frameSamples - before);
    for (let index = Math.max(0, from * frameSamples - before); index < end; index += 1) {
      const sample = chunk[index] ?? 0;
      const frame = Math.floor((before + index) / frameSamples) - from;
      energies[frame] = (energies[frame] ?? 0) + sample * sample;
    }
    before += chunk.length;
  }
  return energies;
}
