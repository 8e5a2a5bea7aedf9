import type { SeededRandom } from '@carillon/simulator/greetings';
import type { SpokenPart } from './compose-call.js';

/** What a streaming recogniser would have told of a call, and when. */
export interface Transcript {
  kind: 'partial' | 'final';
  at: number;
  text: string;
}

/**
 * The simulator's recogniser knows only what its people may say, so free greetings are not given to it. In its place: the true words with
 * errors, words shown 350–650 ms after they were said, in steps of 300 ms, and finals 750–1,250 ms after the last one (Azure: 1,016 ms in the
 * median). An utterance ends with half a second of silence.
 */
export interface RecogniserHabits {
  /** Share of the words that are lost or heard as another one. */
  wordErrors: number;
  language: 'en-US' | 'zh-CN';
}

const STEP_MS = 300;
const PARTIAL_MS = { min: 350, max: 650 };
const FINAL_MS = { min: 750, max: 1_250 };
const UTTERANCE_GAP_MS = 500;
const WRONG_WORDS = {
  'en-US': ['the', 'a', 'light', 'into', 'for', 'money', 'then', 'you', 'more', 'see'],
  'zh-CN': ['的', '是', '了', '有', '在', '这'],
};

interface Word {
  text: string;
  /** When its last sound was heard. */
  at: number;
}

export function transcribe(parts: readonly SpokenPart[], habits: RecogniserHabits, random: SeededRandom): Transcript[] {
  return utterances(parts).flatMap((utterance) => {
    const words = utterance.flatMap((part) => misheard(wordsOf(part, habits), habits, random));
    return tell(words, utterance.at(-1)?.endedAt ?? 0, habits, random);
  });
}

function utterances(parts: readonly SpokenPart[]): SpokenPart[][] {
  const found: SpokenPart[][] = [];
  for (const part of parts) {
    const running = found.at(-1);
    const last = running?.at(-1);
    if (running && last && part.startedAt - last.endedAt < UTTERANCE_GAP_MS) running.push(part);
    else found.push([part]);
  }
  return found;
}

/** Spread over the sentence by their length: near enough. */
function wordsOf({ text, startedAt, endedAt }: SpokenPart, { language }: RecogniserHabits): Word[] {
  const words = language === 'zh-CN' ? [...text] : text.split(' ');
  const letters = words.join(' ').length;
  let passed = 0;
  return words.map((word) => {
    passed += word.length + 1;
    return { text: word, at: startedAt + ((endedAt - startedAt) * Math.min(passed, letters)) / letters };
  });
}

function misheard(words: readonly Word[], { wordErrors, language }: RecogniserHabits, random: SeededRandom): Word[] {
  return words.flatMap((word) => {
    if (!random.chance(wordErrors)) return [word];
    return random.chance(1 / 3) ? [] : [{ ...word, text: random.pick(WRONG_WORDS[language]) }];
  });
}

function tell(words: readonly Word[], endedAt: number, { language }: RecogniserHabits, random: SeededRandom): Transcript[] {
  const told: Transcript[] = [];
  const join = (some: readonly Word[]) => some.map(({ text }) => text).join(language === 'zh-CN' ? '' : ' ');
  const lag = random.between(PARTIAL_MS.min, PARTIAL_MS.max);
  const finalAt = endedAt + random.between(FINAL_MS.min, FINAL_MS.max);
  for (let at = (words[0]?.at ?? endedAt) + lag; at < finalAt; at += STEP_MS) {
    const text = join(words.filter((word) => word.at + lag <= at));
    if (text !== '' && text !== told.at(-1)?.text) told.push({ kind: 'partial', at, text });
  }
  if (words.length > 0) told.push({ kind: 'final', at: finalAt, text: join(words) });
  return told;
}
