/** About −30 dBFS: every voice and tone of the tests is louder, every silence softer. */
const LOUD = 1_000;

/** Looks at each eighth sample: enough to tell a voice from silence, and cheap at fifty frames a second and call. */
export function isLoud(frame: Int16Array): boolean {
  for (let index = 0; index < frame.length; index += 8) if (Math.abs(frame[index] ?? 0) > LOUD) return true;
  return false;
}
