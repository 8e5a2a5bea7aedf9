import { plainWords, topicOf, type Topic } from './topic.js';

/** What a person takes an agent's words to be, told from the words alone. */
export type Understanding =
  | { kind: 'question'; topic: Topic }
  /** Something is asked, but of no topic that people know of. */
  | { kind: 'unknown-question' }
  /** "… is that right?" after a value. */
  | { kind: 'read-back'; topic: Topic | null }
  | { kind: 'still-there' }
  | { kind: 'ready' }
  | { kind: 'anything-else' }
  /** "Could you say that again?" without saying what. */
  | { kind: 'say-again' }
  | { kind: 'goodbye' }
  /** Who is calling, and nothing asked yet, or only how they can help. */
  | { kind: 'greeting' }
  /** "Thank you", "one moment": more is to come. */
  | { kind: 'filler' }
  | { kind: 'unclear' };

/** Where questions begin. The words before one are an introduction. */
const OPENERS =
  /\b(?:(?<!number )(?:could|can|would|may|might|will) (?:you|i|we)(?: please)?(?: tell me| give me| let me know)?|what(?:'s)?|which|when|where|who|how|please (?:tell|give|say)|tell me|give me|let me know|i (?:still |also |just )?need|i would like to know|do you|are you|did you|have you|is (?:it|this|that|there)|shall (?:i|we)|should (?:i|we)|and your|whether)\b/g;

const GOODBYE = /\b(?:good ?bye|bye|have a (?:nice|good|great|lovely|wonderful|pleasant) (?:day|evening|afternoon|one|time)|take care)\b/g;
const READ_BACK =
  /\b((is|was) (that|this|it) (right|correct|true|okay)|did i get (that|it) right|have i got (that|it) right|that is correct|correct)$/;
const STILL_THERE = /\b(still there|are you there|still (with me|on the line)|can you hear me|hear me)\b/;
const READY =
  /\b(good time|have a (moment|minute|second)|got a (moment|minute)|moment of your time|time to (talk|speak)|may i (begin|start|ask)|shall we (begin|start|go on|continue)|are you ready|can i ask)\b/;
const ANYTHING_ELSE = /\b(anything else|any other questions?|any questions?|something else)\b/;
const SAY_AGAIN =
  /\b((say|tell me|repeat) (that|it|this|your answer)( again| once more)?|repeat that|once more|say again|did not (catch|get|hear|understand)|didn't (catch|get|hear|understand)|pardon)\b/;
const GREETING = /^(hello|hi|hey|good (morning|afternoon|evening|day))\b|\b(i am calling|this is|speaking|here to help)\b/;
const OFFER = /\bhow (can|may|could) i (help|assist|be of)\b/;
const FILLER =
  /^(?:(?:okay|ok|thank you|thanks|great|perfect|good|alright|all right|got it|very good|very much|right|sure|fine|wonderful|excellent|let me see|one moment|just a moment|a moment|please|hold on|noted|understood|i see|yes|and|so|that is fine|no problem|sorry|well|now) ?)+$/;

/** An introduction of oneself is not a question about the other's name. */
const OWN_NAME = /\bmy name is\b/g;

/** `text` is one whole turn of the agent, as a recogniser without punctuation heard it. */
export function understand(text: string): Understanding {
  const words = plainWords(text).replace(OWN_NAME, 'i am');
  if (words === '') return { kind: 'unclear' };
  if (FILLER.test(words)) return { kind: 'filler' };
  const clauses = questionClauses(words);
  const closing = [...words.matchAll(GOODBYE)].at(-1)?.index ?? -1;
  if (closing >= 0 && closing >= (clauses.at(-1)?.at ?? 0)) return { kind: 'goodbye' };
  return smallTalk(words) ?? aboutTopic(clauses, words);
}

/** Questions of the conversation itself, which need no facts. */
function smallTalk(words: string): Understanding | null {
  if (OFFER.test(words)) return { kind: 'greeting' };
  if (READ_BACK.test(words)) return { kind: 'read-back', topic: topicOf(words) };
  if (ANYTHING_ELSE.test(words)) return { kind: 'anything-else' };
  return null;
}

function aboutTopic(clauses: readonly Clause[], words: string): Understanding {
  const topics = clauses.map((clause) => topicOf(clause.words));
  const named = topics.findLast((topic) => topic !== null && topic !== 'consent');
  if (named) return { kind: 'question', topic: named };
  const aboutTheTalk = talkAbout(words);
  const consent = clauses.some((clause, index) => topics[index] === 'consent' && talkAbout(clause.words) === null);
  if (consent) return { kind: 'question', topic: 'consent' };
  if (aboutTheTalk) return aboutTheTalk;
  if (clauses.length === 0 && GREETING.test(words) && !words.endsWith(' please')) return { kind: 'greeting' };
  const anywhere = topicOf(words);
  if (anywhere !== null && anywhere !== 'consent') return { kind: 'question', topic: anywhere };
  return clauses.length > 0 && words.split(' ').length >= MIN_QUESTION_WORDS ? { kind: 'unknown-question' } : { kind: 'unclear' };
}

function talkAbout(words: string): Understanding | null {
  if (STILL_THERE.test(words)) return { kind: 'still-there' };
  if (SAY_AGAIN.test(words)) return { kind: 'say-again' };
  return READY.test(words) ? { kind: 'ready' } : null;
}

/** A shorter question without a known topic is rather misheard than new. */
const MIN_QUESTION_WORDS = 5;

interface Clause {
  at: number;
  words: string;
}

/** The text from each opener to the next. */
function questionClauses(words: string): Clause[] {
  const starts = [...words.matchAll(OPENERS)].map((match) => match.index);
  return starts.map((at, index) => ({ at, words: words.slice(at, starts[index + 1]).trim() }));
}
