import { longestSilence, STAGED_LINES, StagedCall, type ScriptedAnswer, type ScriptedUtterance, type TtsFault } from '@carillon/testing';
import fc from 'fast-check';
import {
  createCallTools,
  RedactedLog,
  replayCall,
  snapshotOf,
  unreportedOf,
  type CallLogLine,
  type CallSnapshot,
  type Effect,
  type LoggedEffect,
  type Speculation,
  type TurnEvent,
} from '../index.js';
import { isBackchannel } from '../policies/backchannel.js';
import { textOf } from '../policies/endpointing.js';
import { DEFAULT_RULES } from '../turn/conversation-rules.js';
import { floorsOf, isHeard, isOpen, spokenSpans, statesOf, Wait } from './testing/states-of-log.js';

/** Whole calls, with people who say what real ones say, at any time and for any length. */
interface Story {
  speech: (ScriptedUtterance & { pauseMs: number; durationMs: number })[];
  answers: ScriptedAnswer[];
  ttsFaults: (TtsFault | null)[];
  /** When the recogniser's stream breaks. */
  sttBreaksAtMs: number[];
  keysAtMs: number[];
  speculation: Speculation;
  endsAtMs: number;
}

const TEXTS = [
  ...['', 'mhm', 'yeah okay', 'stop', 'wait a moment', 'yes', 'no thank you', 'I would like to', 'and then', 'my number is 555'],
  ...[
    'five five five',
    'ann at example dot com',
    'What does it cost?',
    'I am fine.',
    '嗯',
    '对对对',
    '等一下',
    '我想要',
    '多少钱？',
    'Tuesday',
  ],
  ...['ask you three questions', 'Hello, this is Adam.', 'oh', 'none.', 'je voudrais un', '5 rooms please', 'un'],
];

const usually = <T>(rare: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: rare });

/** As recognisers give them: of other words than the interim ones, late, twice, or never. */
const finals = {
  finalAfterMs: fc.oneof(fc.constant<number | null>(200), fc.integer({ min: 100, max: 1_500 }), fc.constant(null)),
  finalText: usually(fc.constantFrom(...TEXTS)),
  finalLateMs: usually(fc.integer({ min: 20, max: 3_000 })),
  finalAgainMs: usually(fc.integer({ min: 20, max: 3_000 })),
};

const story: fc.Arbitrary<Story> = fc.record({
  speech: fc.array(
    fc.record({
      pauseMs: fc.integer({ min: 100, max: 4_000 }),
      durationMs: fc.integer({ min: 40, max: 2_500 }),
      text: fc.constantFrom(...TEXTS),
      ...finals,
    }),
    { minLength: 1, maxLength: 6 },
  ),
  answers: fc.array(
    fc.record<ScriptedAnswer>({
      text: fc.constantFrom(
        'I would like to ask you three questions about your house today.',
        'Good. Is Tuesday fine?',
        '好的，请问您的电话号码是多少？',
        'Room 12 it is. What is your email?',
      ),
      calls: fc.constantFrom<ScriptedAnswer['calls']>(
        ...[[], [], [{ name: 'updated_claim', arguments: {} }]],
        [{ name: 'speech_lang', arguments: { short_code: 'zh-CN' } }],
        [{ name: 'speech_speed', arguments: { speed: 1.2 } }],
        [{ name: 'end_call', arguments: { reason: 'done' } }],
      ),
      ttftMs: fc.integer({ min: 0, max: 2_500 }),
      fails: fc.constantFrom(undefined, undefined, undefined, undefined, 'at-once', 'after-text'),
      hangs: fc.constantFrom(undefined, undefined, undefined, undefined, 'at-once', 'after-text'),
    }),
    { maxLength: 8 },
  ),
  ttsFaults: fc.array(fc.constantFrom<TtsFault | null>(null, null, null, null, null, null, 'fails', 'breaks-off', 'hangs', 'empty'), {
    maxLength: 12,
  }),
  sttBreaksAtMs: fc.array(fc.integer({ min: 100, max: 20_000 }), { maxLength: 2 }),
  keysAtMs: fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 3 }),
  speculation: fc.constantFrom<Speculation>('off', 'model', 'voice'),
  endsAtMs: fc.oneof(fc.integer({ min: 3_000, max: 20_000 }), fc.integer({ min: 30_000, max: 45_000 })),
});

type EventLine = Extract<CallLogLine, { kind: 'event' }>;
interface Moment {
  at: number;
  event: TurnEvent;
  effect: LoggedEffect;
}

/** "One moment.", as far as it was heard. */
const FILLER = /\bOne( moment\.)?/g;
const OFFERING = { ...STAGED_LINES, callbackOffer: 'Press 1 for another call.', callbackTaken: 'We will call. Goodbye.' };

const CHINESE = { ...OFFERING, stillThere: '您还在吗？', apology: '抱歉，出了点问题。' };
const LANG = {
  default_short_code: 'en-US',
  availables: ['en-US', 'zh-CN'].map((short_code) => ({ short_code, voice: short_code, pronunciations_en: [] })),
};
const speechIn = (language: string) => ({ language, voice: language, lines: language === 'zh-CN' ? CHINESE : OFFERING });

interface Staged {
  call: StagedCall;
  log: CallLogLine[];
  /** At each end of a generation before its time: frames sent and utterances synthesised until then. */
  cuts: { frames: number; utterances: number }[];
}

/** The level of its frames tells an utterance. */
const LEVEL = 2_000;

function stage(one: Story, snapshot?: CallSnapshot): Staged {
  const { speech, answers, ttsFaults, sttBreaksAtMs, keysAtMs, speculation } = one;
  const log: CallLogLine[] = [];
  const cuts: Staged['cuts'] = [];
  const append = (line: CallLogLine): void => {
    log.push(structuredClone(line));
    if (line.kind === 'event' && line.effects.some(({ type }) => type === 'cancel-gen'))
      cuts.push({ frames: call.media.frames.length, utterances: call.tts.spoken.length });
  };
  const tools = createCallTools({ fields: [], claim: {}, speech: LANG });
  const plan = { lines: OFFERING, speechIn, rules: { speculation } };
  const tts = { faults: ttsFaults, level: (ordinal: number) => LEVEL + ordinal };
  const call = new StagedCall({ answers, tools, tts, plan, log: { append }, snapshot });
  let at = 0;
  for (const { pauseMs, durationMs, ...utterance } of speech) {
    call.says(utterance, at + pauseMs, durationMs);
    at += pauseMs + durationMs;
  }
  const later = (times: number[], what: (at: number) => void): void =>
    times.filter((time) => time < one.endsAtMs).forEach((time) => call.clock.setTimer(time, () => what(time)));
  later(sttBreaksAtMs, () => call.stt.fail());
  later(keysAtMs, (keyAt) => call.session.onTone(['1', '5', '#'][keyAt % 3] ?? '#'));
  return { call: call.start(), log, cuts };
}

async function hold(one: Story): Promise<Staged> {
  const staged = stage(one);
  const { call } = staged;
  await call.until(one.endsAtMs);
  call.person.stop();
  call.session.end('remote');
  await call.until(one.endsAtMs);
  return staged;
}

interface Loss {
  snapshot: CallSnapshot;
  /** How long the call had lasted, whether it was being ended, and what had been told of it. */
  age: number;
  closing: boolean;
  told: { role: string; content: string }[];
  call: StagedCall;
  log: CallLogLine[];
}

/** The line is lost at that time, every second time as soon as the call is being ended, and another worker goes on with a person who says nothing any more; its model and voices work. */
async function lose(one: Story): Promise<Loss> {
  const { call: first } = stage(one);
  const isLost = () => one.endsAtMs % 2 === 0 && first.session.state.phase.name === 'closing';
  while (first.clock.now() < one.endsAtMs && !isLost()) await first.until(first.clock.now() + 100);
  const { state } = first.session;
  const age = first.clock.now();
  const snapshot = structuredClone(snapshotOf(state, age));
  const said = new Map(
    [...first.observer.said, ...unreportedOf(state)].map(({ id, persona, content }) => [
      id,
      { role: persona === 'human' ? 'user' : 'assistant', content },
    ]),
  );
  for (const { id, content } of first.observer.revised) said.set(id, { role: 'user', content });
  first.person.stop();
  first.session.end('shutdown');
  const works = Array.from({ length: 9 }, () => ({ text: 'Here I am. Goodbye.' }));
  const { call, log } = stage({ ...one, speech: [], answers: works, ttsFaults: [], sttBreaksAtMs: [], keysAtMs: [] }, snapshot);
  await call.until(30_000);
  call.person.stop();
  return { snapshot, age, closing: state.phase.name === 'closing', told: [...said.values()], call, log };
}

const eventsOf = (log: CallLogLine[]): EventLine[] => log.flatMap((line) => (line.kind === 'event' ? [line] : []));
const momentsOf = (log: CallLogLine[]): Moment[] =>
  eventsOf(log).flatMap(({ event, effects }) => effects.map((effect) => ({ at: event.at, event, effect })));
const ofType = <T extends Effect['type']>(moments: Moment[], ...types: T[]): Moment[] =>
  moments.filter(({ effect }) => types.some((type) => type === effect.type));

const RUNS = { numRuns: 30 };
jest.setTimeout(30_000);

const check = (what: (call: StagedCall, log: CallLogLine[], cuts: Staged['cuts']) => void, stories = story): Promise<void> =>
  fc.assert(
    fc.asyncProperty(stories, async (one) => {
      const { call, log, cuts } = await hold(one);
      what(call, log, cuts);
    }),
    RUNS,
  );

/** A voice that fails does so at once, and is tried again: 150 ms each. Or it does not fail at all. */
const audible = story.map((one) => ({ ...one, ttsFaults: one.ttsFaults.map((fault) => (fault === 'hangs' ? 'fails' : fault)) }));
const sound = story.map((one) => ({ ...one, ttsFaults: [] }));
const { hardTimeoutMs } = DEFAULT_RULES;
/** From the text of a line to its sound, and to the next frame. */
const SOUND_MS = 150 + 20;

describe('in a call of any course', () => {
  it('what the person said becomes a turn, or a sign of listening, within 3 s of silence', () =>
    check((_, log) => {
      const words = new Wait();
      for (const { at, state } of statesOf(log)) {
        const { turn, agent, hearing, history, rules } = state;
        if (turn?.noted) expect(isBackchannel(history[turn.index]?.content ?? '', rules.language)).toBe(true);
        const said = textOf(hearing) || (turn?.owed ? `turn ${turn.id}` : '');
        const waiting = isOpen(state) && agent.name === 'idle' && said !== '' ? said : null;
        expect(words.ms(at, waiting)).toBeLessThanOrEqual(3_001);
      }
    }));

  it('an answer to a turn, or an apology for it, is heard within 15 s and what its voice takes, or the call has ended', () =>
    check((_, log) => {
      const turns = new Wait();
      const answered = new Set<number>();
      for (const { at, state } of statesOf(log)) {
        const { turn, agent } = state;
        if (turn !== null && (turn.noted || turn.owed || isHeard(agent))) answered.add(turn.id);
        const owed = isOpen(state) && turn !== null && !answered.has(turn.id) ? turn.id : null;
        expect(turns.ms(at, owed)).toBeLessThanOrEqual(hardTimeoutMs + 2_000);
      }
    }, audible));

  it('while the agent has the floor and nobody speaks, a frame follows the other: at once within a phrase, a filler at first, and all in time', () =>
    check((call, log) => {
      for (const span of spokenSpans(log)) expect(longestSilence(call.media, span)).toBeLessThanOrEqual(20);
      for (const { from, to, isAnswer } of floorsOf(log)) {
        expect(longestSilence(call.media, { from, to })).toBeLessThanOrEqual(hardTimeoutMs + SOUND_MS);
        const first = from + (DEFAULT_RULES.fillerMs ?? 0) + SOUND_MS + 1;
        if (isAnswer && to > first) expect(longestSilence(call.media, { from, to: first })).toBeLessThan(first - from);
      }
    }, sound));

  it('the agent is paused for 700 ms at most, and goes on or is cut after that', () =>
    check((_, log) => {
      const moments = ofType(momentsOf(log), 'pause-out', 'resume-out', 'cancel-gen');
      moments.forEach(({ at, effect }, index) => {
        if (effect.type !== 'pause-out') return;
        const next = moments.slice(index + 1).find((moment) => 'gen' in moment.effect && moment.effect.gen === effect.gen);
        const until = next?.at ?? eventsOf(log).at(-1)?.event.at ?? at;
        expect(until - at).toBeLessThanOrEqual(700);
      });
    }));

  it('nothing is asked of a generation that was cancelled, and only one may be heard at a time', () =>
    check((_, log) => {
      const cancelled = new Set<number>();
      let newest = 0;
      for (const { effect } of momentsOf(log)) {
        if (!('gen' in effect) || effect.type === 'arm-timer') continue;
        if (effect.type === 'cancel-gen') cancelled.add(effect.gen);
        else if (effect.type !== 'clear-out' && effect.type !== 'interrupted') expect(cancelled).not.toContain(effect.gen);
        if (effect.type === 'speak') expect(effect.gen).toBeGreaterThanOrEqual(newest);
        if (effect.type === 'speak') newest = effect.gen;
      }
    }));

  it('a tool runs only for a turn that is committed, and an early answer is heard only then', () =>
    check((_, log) => {
      const early = new Set<number>();
      for (const { effect } of momentsOf(log)) {
        if (effect.type === 'start-llm' && effect.early) early.add(effect.gen);
        if (effect.type === 'noticed' && effect.sign.type === 'speculation') early.clear();
        if (effect.type === 'run-tool') expect(early).not.toContain(effect.gen);
      }
      for (const { event } of eventsOf(log)) if (event.type === 'playout-started') expect(early).not.toContain(event.gen);
    }));

  it('what was heard is what was said, from its beginning', () =>
    check((call) => {
      for (const { persona, content } of call.observer.said) {
        if (persona !== 'assistant') continue;
        const spoken = call.tts.spoken.map(({ text }) => squeeze(text));
        expect({ content, heard: isMadeOf(squeeze(content), spoken) }).toEqual({ content, heard: true });
      }
    }));

  it('no timer outlives the call, and no audio of a reply that was cut is sent', () =>
    check((call, _, cuts) => {
      for (const { frames, utterances } of cuts)
        for (const { level } of call.media.frames.slice(frames)) expect(level - LEVEL).toBeGreaterThanOrEqual(utterances);
      expect(call.clock.pending).toBe(0);
      expect(call.session.state.timers).toEqual({});
      expect(call.session.state.phase.name).toBe('ended');
      expect(call.observer.errors.filter(({ stage }) => stage === 'session')).toEqual([]);
    }));

  it('its log gives the same effects again, also without what was said', () =>
    check((_, log) => {
      const redacted: CallLogLine[] = [];
      const mask = new RedactedLog({ append: (line) => void redacted.push(line) });
      for (const line of log) mask.append(line);
      mask.close();
      expect(replayCall(log)).toMatchObject({ difference: null });
      expect(replayCall(redacted)).toMatchObject({ difference: null });
    }));

  it('it goes on on another worker: what was said is kept, its age counts on, what was owed comes, and a call that was ending ends', () =>
    fc.assert(
      fc.asyncProperty(story, async (one) => {
        const { snapshot, age, closing, told, call, log } = await lose(one);
        const { state } = call.session;
        expect(talkOf(snapshot.history)).toEqual(talkOf(told));
        expect(state.history.slice(0, snapshot.history.length)).toEqual(snapshot.history);
        expect(state.startedAt).toBe(-age);
        expect(replayCall(log)).toMatchObject({ difference: null });
        const asked = ofType(momentsOf(log), 'start-llm').length > 0;
        expect(asked).toBe(snapshot.unanswered && snapshot.last === undefined);
        for (const text of snapshot.last?.lines ?? snapshot.rest ?? [])
          expect(call.tts.spoken).toContainEqual(expect.objectContaining({ text }));
        expect(closing).toBe(snapshot.last !== undefined);
        if (snapshot.last !== undefined) expect(call.observer.hangUps).toMatchObject([{ reason: snapshot.last.reason }]);
      }),
      RUNS,
    ));
});

/** Who said what, without tools, fillers, and where one message ends: the model reads these otherwise than a transcript has them. */
function talkOf(messages: readonly { role: string; content: string }[]): string {
  const spoken = messages
    .filter(({ role }) => role !== 'tool')
    .map((message) => ({ ...message, content: message.content.replace(FILLER, '') }));
  const told = spoken.filter(({ content }) => content.trim() !== '');
  return told.map(({ role, content }, at) => (told[at - 1]?.role === role ? '' : `\n${role}: `) + squeeze(content)).join('');
}

/** Beginnings of these, in this order: each may have broken off. */
function isMadeOf(content: string, texts: readonly string[]): boolean {
  if (content === '') return true;
  return texts.some((text, at) => {
    const rest = texts.slice(at + 1);
    return [...text].some((_, index) => {
      const begun = text.slice(0, text.length - index);
      return content.startsWith(begun) && isMadeOf(content.slice(begun.length), rest);
    });
  });
}

const squeeze = (text: string): string => text.replace(/\s/g, '');
