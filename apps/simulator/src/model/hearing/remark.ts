import { plainText } from './words.js';

/** What somebody means with words that hold no value. */
export type Remark =
  | 'repeat' // did not hear us
  | 'go-on' // nothing that counts as an answer: hello, hold on, yes yes go on
  | 'who-is-it'
  | 'does-not-know'
  | 'wrong-number'
  | 'refuses' // wants no calls
  | 'goodbye'
  | null;

const REMARKS: readonly [Exclude<Remark, null>, RegExp][] = [
  [
    'wrong-number',
    /\b(?:wrong (?:number|person)|no one (?:here )?(?:by|of) that name|nobody (?:here )?(?:by|of) that name|does not live here)\b/,
  ],
  [
    'refuses',
    /\b(?:not interested|no interest|(?:stop|quit) calling|(?:do not|don't|never) call|leave me alone|take me off|remove me|no more calls|not want to (?:talk|be called))\b/,
  ],
  [
    'who-is-it',
    /\b(?:who (?:is (?:this|that|there|calling|speaking)|are you)|who's (?:this|calling|there)|what is this about|where are you calling from)\b/,
  ],
  [
    'repeat',
    /\b(?:pardon|(?:say|repeat) (?:that|it|the question)|say again|come again|once more|(?:did not|didn't|could not|couldn't|can not|cannot|can't) (?:catch|get|hear|understand)|excuse me|what did you say|what was that|sorry what)\b|^(?:sorry|what|huh)$/,
  ],
  [
    'does-not-know',
    /\b(?:i do not know|i don't know|do not know that|don't know that|no idea|do not have (?:one|it|that|any)|don't have (?:one|it|that|any)|not sure|cannot remember|can't remember)\b/,
  ],
  ['goodbye', /\b(?:goodbye|good bye|bye|have a (?:nice|good|great) (?:day|one|evening))\b/],
  [
    'go-on',
    /^(?:(?:hello|hi|hey|yes|yeah|okay|ok|sure|go|on|ahead|wait|hold|a|second|moment|minute|one|just|please|still|there|here|are|you|i|am|who|is|speaking|anybody|right|all|of|course|what|can|do|for|good|morning|afternoon|evening) ?)+$/,
  ],
];

export function remarkIn(text: string): Remark {
  const plain = plainText(text);
  return REMARKS.find(([, pattern]) => pattern.test(plain))?.[0] ?? null;
}
