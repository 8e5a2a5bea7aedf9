import { groupAt } from './spoken-number.js';
import { withoutLeadIns } from './words.js';

const CONNECTORS: Readonly<Record<string, string>> = {
  dot: '.',
  point: '.',
  period: '.',
  underscore: '_',
  dash: '-',
  hyphen: '-',
  minus: '-',
  plus: '+',
};

/** Words that stand before an address but are never part of one. */
const BEFORE_ADDRESSES = new Set(['is', 'at', 'to', 'under', 'it', 'email', 'mail', 'address', 'use', 'me', 'my', 'the']);

/** "jane dot doe at example dot com", or an address as it is written; null when there is none. */
export function spokenEmail(plain: string): string | null {
  const written = /[a-z0-9._+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/.exec(plain);
  if (written) return written[0];
  const words = withoutLeadIns(plain).split(' ');
  const at = words.findLastIndex((word, index) => (word === 'at' || word === '@') && words.slice(index + 1).includes('dot'));
  if (at <= 0) return null;
  const address = `${join(words.slice(startOfName(words, at), at))}@${join(words.slice(at + 1))}`;
  return /^[a-z0-9._+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(address) ? address : null;
}

/** From the "at" backwards: everything up to a word that cannot belong to the name. */
function startOfName(words: readonly string[], at: number): number {
  let start = at;
  while (start > 0 && !BEFORE_ADDRESSES.has(words[start - 1] ?? '')) start -= 1;
  return start;
}

function join(words: readonly string[]): string {
  let joined = '';
  for (let at = 0; at < words.length;) {
    const number = groupAt(words, at);
    joined += number ? number.digits : (CONNECTORS[words[at] ?? ''] ?? words[at] ?? '');
    at = number ? number.end : at + 1;
  }
  return joined;
}
