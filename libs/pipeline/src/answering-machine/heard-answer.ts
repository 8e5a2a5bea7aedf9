import type { Ms } from '../ports.js';
import { joinText } from '../text/join-text.js';
import type { AnswerFact, AnswerTimings } from './answer-facts.js';
import { countWords, findHints } from './greeting-hints.js';
import type { LineTone } from './tone-detector.js';

/** Voice of the far end, joined over short pauses. */
export interface Stretch {
  startedAt: Ms;
  lastVoicedAt: Ms;
  /** It began in answer to a line of ours. */
  replies: boolean;
  /** It was such an answer to its end. */
  counted: boolean;
}

/** The call so far, as far as it tells who picked up. Plain data. */
export interface HeardAnswer {
  now: Ms;
  speaking: boolean;
  /** The first stretch: the greeting. */
  greeting: Stretch | null;
  /** The newest one. */
  stretch: Stretch | null;
  /** A further stretch began without a line of ours before it. */
  spokeOn: boolean;
  /** Short answers to lines of ours, with silence after them. */
  exchanges: number;
  voicedMs: Ms;
  /** Voice of the greeting over ours. */
  talkedOverMs: Ms;
  agent: { speaking: boolean; startedAt: Ms; firstEndedAt: Ms | null; lastEndedAt: Ms | null };
  finals: string;
  partial: string;
  words: number;
  /** When there were first any, when they last changed, and whether there was ever a long time between two changes. */
  firstWordsAt: Ms | null;
  wordsAt: Ms;
  wordsPaused: boolean;
  /** Names of the hints in the text, by strength. */
  hints: { sure: string[]; likely: string[]; person: string[] };
  beep: LineTone | null;
  sit: boolean;
}

export const NOTHING_HEARD_OF_ANSWER: HeardAnswer = {
  now: 0,
  speaking: false,
  greeting: null,
  stretch: null,
  spokeOn: false,
  exchanges: 0,
  voicedMs: 0,
  talkedOverMs: 0,
  agent: { speaking: false, startedAt: 0, firstEndedAt: null, lastEndedAt: null },
  finals: '',
  partial: '',
  words: 0,
  firstWordsAt: null,
  wordsAt: 0,
  wordsPaused: false,
  hints: { sure: [], likely: [], person: [] },
  beep: null,
  sit: false,
};

/** Text beyond this many characters is not searched: greetings are shorter, and the cost of a search stays bounded. */
const MAX_TEXT = 1_200;
/** The voice detector may take a tone, or its echo, for voice; and it notices the end of voice late. */
const BEEP_IS_NO_VOICE_MS = 300;
/** We had spoken for so long at least, when what follows is called an answer. */
const LINE_MS = 800;
/** And they had been silent for so long. */
const LISTENED_MS = 500;

/** The next state. Facts come in the order in which they were noticed. */
export function hear(before: HeardAnswer, fact: AnswerFact, timings: AnswerTimings): HeardAnswer {
  const heard = passTime(before, fact.at, timings);
  switch (fact.kind) {
    case 'voice':
      return fact.speaking ? startVoice(heard, fact.at, timings) : stopVoice(heard, fact.at);
    case 'agent':
      return { ...heard, agent: fact.speaking ? agentStarts(heard, fact.at) : agentEnds(heard, fact.at) };
    case 'partial':
      return readText({ ...heard, partial: fact.text }, fact.language, timings);
    case 'final':
      return readText({ ...heard, finals: joinText(heard.finals, fact.text).slice(0, MAX_TEXT), partial: '' }, fact.language, timings);
    case 'tone':
      return fact.tone.kind === 'sit' ? { ...heard, sit: true } : { ...heard, beep: fact.tone };
    case 'time':
      return heard;
  }
}

function passTime(heard: HeardAnswer, at: Ms, timings: AnswerTimings): HeardAnswer {
  const now = Math.max(heard.now, at);
  const passed = now - heard.now;
  const overUs = heard.speaking && heard.agent.speaking && heard.stretch?.startedAt === heard.greeting?.startedAt;
  return settleReply(
    {
      ...heard,
      now,
      voicedMs: heard.speaking ? heard.voicedMs + passed : heard.voicedMs,
      talkedOverMs: overUs ? heard.talkedOverMs + passed : heard.talkedOverMs,
    },
    timings,
  );
}

/** A short answer and then silence, and no word of a machine: somebody listens to us. */
function settleReply(heard: HeardAnswer, { pauseMs, replyMs }: AnswerTimings): HeardAnswer {
  const { stretch, speaking, hints } = heard;
  if (stretch === null || speaking || !stretch.replies || stretch.counted) return heard;
  if (heard.now - stretch.lastVoicedAt < pauseMs) return heard;
  const answered = stretch.lastVoicedAt - stretch.startedAt <= replyMs && hints.sure.length + hints.likely.length === 0;
  return { ...heard, stretch: { ...stretch, counted: true }, exchanges: heard.exchanges + (answered ? 1 : 0) };
}

function startVoice(heard: HeardAnswer, at: Ms, timings: AnswerTimings): HeardAnswer {
  const { stretch } = heard;
  if (heard.speaking) return heard;
  if (stretch !== null && at - stretch.lastVoicedAt < timings.pauseMs) return { ...heard, speaking: true };
  const replies = isReply(heard, at, timings);
  const begun = { startedAt: at, lastVoicedAt: at, replies, counted: false };
  return {
    ...heard,
    speaking: true,
    stretch: begun,
    greeting: heard.greeting ?? begun,
    spokeOn: heard.spokeOn || (stretch !== null && !replies),
  };
}

function isReply({ agent, stretch }: HeardAnswer, at: Ms, { replyWithinMs }: AnswerTimings): boolean {
  if (agent.speaking || agent.lastEndedAt === null || agent.lastEndedAt - agent.startedAt < LINE_MS) return false;
  const sinceLine = at - agent.lastEndedAt;
  const listened = stretch === null || agent.lastEndedAt - stretch.lastVoicedAt >= LISTENED_MS;
  return sinceLine >= 0 && sinceLine <= replyWithinMs && listened;
}

function stopVoice(heard: HeardAnswer, at: Ms): HeardAnswer {
  if (!heard.speaking || heard.stretch === null) return heard;
  const stretch = { ...heard.stretch, lastVoicedAt: Math.max(heard.stretch.startedAt, at) };
  const isGreeting = heard.greeting?.startedAt === stretch.startedAt;
  return { ...heard, speaking: false, stretch, greeting: isGreeting ? stretch : heard.greeting };
}

function agentStarts({ agent }: HeardAnswer, at: Ms): HeardAnswer['agent'] {
  return agent.speaking ? agent : { ...agent, speaking: true, startedAt: at };
}

function agentEnds({ agent }: HeardAnswer, at: Ms): HeardAnswer['agent'] {
  return agent.speaking ? { ...agent, speaking: false, firstEndedAt: agent.firstEndedAt ?? at, lastEndedAt: at } : agent;
}

function readText(heard: HeardAnswer, language: string, { wordGapMs }: AnswerTimings): HeardAnswer {
  const text = joinText(heard.finals, heard.partial).slice(0, MAX_TEXT);
  const hints: HeardAnswer['hints'] = { sure: [], likely: [], person: [] };
  for (const { name, strength } of findHints(text, language)) hints[strength].push(name);
  const words = countWords(text);
  if (words === heard.words) return { ...heard, hints };
  const wordsPaused = heard.wordsPaused || (heard.words > 0 && heard.now - heard.wordsAt > wordGapMs);
  return { ...heard, hints, words, firstWordsAt: heard.firstWordsAt ?? heard.now, wordsAt: heard.now, wordsPaused };
}

/** When the far end fell silent; null while it speaks or before it ever did. */
export function quietSince({ speaking, stretch }: HeardAnswer): Ms | null {
  return speaking || stretch === null ? null : stretch.lastVoicedAt;
}

/** Length of a stretch, up to now where it goes on. */
export function lengthMs(stretch: Stretch, { now, speaking, stretch: newest }: HeardAnswer): Ms {
  const goesOn = speaking && newest?.startedAt === stretch.startedAt;
  return (goesOn ? now : stretch.lastVoicedAt) - stretch.startedAt;
}

/** A recogniser that hears words has told of them within these times of a beep that they stand before, or after. */
const LAST_WORDS_MS = 1_100;
const WORDLESS_MS = 3_000;

/** The beep after which nobody spoke; null while there was none, or where voice followed it. Voice without words is none: an echo, a room. */
export function standingBeep(heard: HeardAnswer): LineTone | null {
  const { beep, stretch, words, wordsAt, now } = heard;
  if (beep === null) return null;
  const voicedUntil = stretch === null ? -Infinity : heard.speaking ? now : stretch.lastVoicedAt;
  const wordless = words > 0 && wordsAt <= beep.endedAt + LAST_WORDS_MS && now - beep.endedAt >= WORDLESS_MS;
  return voicedUntil <= beep.endedAt + BEEP_IS_NO_VOICE_MS || wordless ? beep : null;
}

/** When the look at the clock is due that finds the voice after the beep without words. */
export const wordlessAt = ({ beep }: HeardAnswer): Ms[] => (beep === null ? [] : [beep.endedAt + WORDLESS_MS]);
