/** Sounds that mean nothing. */
const HESITATIONS = new Set(['uh', 'um', 'er', 'erm', 'hmm', 'ah', 'eh', 'mm', 'mhm']);

/** What people put around an answer, at its beginning. Tried again and again until none fits. */
const LEAD_INS = [
  /^(?:well|so|okay|ok|all right|alright|sure|yes|yeah|yep|oh|right|please|now|then|and|hello|hi|hey|thanks|thank you|certainly|absolutely|fine|great)(?: |$)/,
  /^(?:of course|no problem|let me (?:see|think|check|look)|one (?:moment|second)|(?:just )?a (?:moment|second|minute)|hold on|wait|let us see|go ahead)(?: |$)/,
  /^(?:sorry|excuse me|i mean|you know|actually|i think|i guess|i believe|i said|as i said)(?: |$)/,
  /^(?:my|our|your) (?:[a-z]+ ){0,4}?(?:is|was|would be|will be|should be|goes)(?: |$)/,
  /^the (?:[a-z]+ )?(?:name|address|city|town|street|email|number|answer|reason|problem) (?:is|was|would be)(?: |$)/,
  /^(?:it|that|this|there|mine)(?: is| was| would be| will be|'s|'ll be| should be)(?: |$)/,
  /^(?:it's|that's|its)(?: |$)/,
  /^(?:let us|let's) (?:say|make it|take)(?: |$)/,
];

const TAILS =
  /(?: |^)(?:please|thank you|thanks|thank you very much|that is (?:it|all|right)|that's (?:it|all|right)|you know|okay|ok|right|sir|madam)$/;

/** Lower-case words without punctuation or hesitations; `3:30`, `@` and apostrophes stay. */
export function plainText(text: string): string {
  return text
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/(\d),(?=\d{3}\b)/g, '$1')
    .replace(/\b([ap])\.? ?m\b\.?/g, '$1m')
    .replace(/[^\p{L}\p{N}'@:./]+/gu, ' ')
    .replace(/[.:/](?=\s|$)|(?<=\s|^)[.:/]/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && !HESITATIONS.has(word))
    .join(' ');
}

/** The text without what people say around an answer. */
export function withoutLeadIns(plain: string): string {
  let rest = plain;
  for (let before = ''; before !== rest;) {
    before = rest;
    for (const leadIn of LEAD_INS) rest = rest.replace(leadIn, '');
    rest = rest.replace(TAILS, '');
  }
  return rest;
}

/** "jane jane doe" → "jane doe": people and recognisers stutter. Not for numbers, where twice means twice. */
export function withoutStutter(words: readonly string[]): string[] {
  return words.filter((word, index) => word !== words[index - 1]);
}

/** `o'brien` → `O'Brien`. */
export function titleCase(words: readonly string[]): string {
  return words.map((word) => word.replace(/^\p{L}|(?<=')\p{L}(?=\p{L})/gu, (letter) => letter.toUpperCase())).join(' ');
}
