import type { CuedUtterance } from '../voice/cued-recogniser.js';

/** What the agent says each time it is its turn: some thirteen seconds. */
export const AGENT_LINE =
  'Thank you for telling me. Let me explain how it works: every customer of ours gets a personal adviser, who looks after the whole family, ' +
  'and who comes to your house whenever it suits you. Would you like to hear more about that?';

const WORDS = AGENT_LINE.toLowerCase()
  .replace(/[^a-z ]/g, '')
  .split(' ');

/** Cues from here on are echoes: the words of the line from one to the other, in seven bits each. */
const FIRST_ECHO_CUE = 1 << 14;
const WORD_BITS = 7;

/** The echo of this part of the line, as shares of it. */
export function echoCue(from: number, to: number): number {
  const at = (share: number) => Math.min(WORDS.length - 1, Math.floor(share * WORDS.length));
  return FIRST_ECHO_CUE | (at(from) << WORD_BITS) | at(to);
}

/** What a recogniser makes of that echo; undefined for the cue of anything else. */
export function echoOf(cue: number, durationMs: number): CuedUtterance | undefined {
  if (cue < FIRST_ECHO_CUE) return undefined;
  const words = WORDS.slice((cue >> WORD_BITS) & 127, (cue & 127) + 1);
  return { words, final: `${words.join(' ')}.`, durationMs };
}
