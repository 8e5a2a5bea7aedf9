import { consistsOf } from '../text/units.js';
import { wordListsFor } from './word-lists.js';

/** Nothing but signs of listening: "mhm", "yeah okay", 嗯, 对对对. While the agent speaks they are no interruption. */
export function isBackchannel(text: string, language: string): boolean {
  return consistsOf(text, wordListsFor(text, language).backchannels);
}
