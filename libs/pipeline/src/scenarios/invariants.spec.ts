import { STAGED_LINES, StagedCall, type ScriptedAnswer } from '@carillon/testing';
import fc from 'fast-check';
import { RedactedLog, replayCall, type CallLogLine, type Effect, type LoggedEffect, type Speculation, type TurnEvent } from '../index.js';

/** Whole calls, with people who say what real ones say, at any time and for any length. */
interface Story {
  speech: { pauseMs: number; durationMs: number; text: string; finalAfterMs: number | null }[];
  answers: ScriptedAnswer[];
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
  ...['ask you three questions', 'Hello, this is Adam.'],
];

const story: fc.Arbitrary<Story> = fc.record({
  speech: fc.array(
    fc.record({
      pauseMs: fc.integer({ min: 100, max: 4_000 }),
      durationMs: fc.integer({ min: 40, max: 2_500 }),
      text: fc.constantFrom(...TEXTS),
      finalAfterMs: fc.oneof(fc.constant<number | null>(200), fc.integer({ min: 100, max: 1_500 }), fc.constant(null)),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  answers: fc.array(
    fc.record<ScriptedAnswer>({
      text: fc.constantFrom(
        'I would like to ask you three questions about your house today.',
        'Good. Is Tuesday fine?',
        '好的，请问您的电话号码是多少？',
      ),
      calls: fc.constantFrom([], [], [{ name: 'updated_claim', arguments: {} }]),
      ttftMs: fc.integer({ min: 0, max: 2_500 }),
      hangs: fc.constantFrom(undefined, undefined, undefined, 'at-once'),
    }),
    { maxLength: 8 },
  ),
  keysAtMs: fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 3 }),
  speculation: fc.constantFrom<Speculation>('off', 'model', 'voice'),
  endsAtMs: fc.integer({ min: 3_000, max: 40_000 }),
});

type EventLine = Extract<CallLogLine, { kind: 'event' }>;
interface Moment {
  at: number;
  event: TurnEvent;
  effect: LoggedEffect;
}

const OFFERING = { ...STAGED_LINES, callbackOffer: 'Press 1 for another call.', callbackTaken: 'We will call. Goodbye.' };

async function hold({ speech, answers, keysAtMs, speculation, endsAtMs }: Story): Promise<{ call: StagedCall; log: CallLogLine[] }> {
  const log: CallLogLine[] = [];
  const append = (line: CallLogLine): void => void log.push(structuredClone(line));
  const call = new StagedCall({ answers, plan: { lines: OFFERING, rules: { speculation } }, log: { append } });
  let at = 0;
  for (const { pauseMs, durationMs, text, finalAfterMs } of speech) {
    call.says({ text, finalAfterMs }, at + pauseMs, durationMs);
    at += pauseMs + durationMs;
  }
  for (const keyAt of keysAtMs) call.clock.setTimer(keyAt, () => call.session.onTone(keyAt % 2 === 0 ? '1' : '5'));
  call.start();
  await call.until(endsAtMs);
  call.person.stop();
  call.session.end('remote');
  return { call, log };
}

const eventsOf = (log: CallLogLine[]): EventLine[] => log.flatMap((line) => (line.kind === 'event' ? [line] : []));
const momentsOf = (log: CallLogLine[]): Moment[] =>
  eventsOf(log).flatMap(({ event, effects }) => effects.map((effect) => ({ at: event.at, event, effect })));
const ofType = <T extends Effect['type']>(moments: Moment[], ...types: T[]): Moment[] =>
  moments.filter(({ effect }) => types.some((type) => type === effect.type));

const check = (what: (call: StagedCall, log: CallLogLine[]) => void): Promise<void> =>
  fc.assert(
    fc.asyncProperty(story, async (one) => {
      const { call, log } = await hold(one);
      what(call, log);
    }),
    { numRuns: 40 },
  );

describe('in a call of any course', () => {
  it('a committed turn gets speech, a tool, an error or a person who goes on within 15 s', () =>
    check((call, log) => {
      const moments = momentsOf(log);
      for (const { at, effect } of ofType(moments, 'start-llm')) {
        if (effect.type !== 'start-llm' || effect.early) continue;
        const end = at + 15_001;
        if (call.clock.now() < end) continue;
        const answered = moments.some((moment) => moment.at >= at && moment.at <= end && isAnswer(moment.effect, effect.gen));
        expect(answered).toBe(true);
      }
    }));

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
        const whole = call.tts.spoken.map(({ text }) => text).join(' ');
        expect(squeeze(whole)).toContain(squeeze(content));
      }
    }));

  it('no timer outlives the call, and no audio of a reply that was cut is sent', () =>
    check((call) => {
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
});

function isAnswer(effect: LoggedEffect, gen: number): boolean {
  if (effect.type === 'cancel-gen') return effect.gen === gen;
  return (effect.type === 'speak' || effect.type === 'run-tool') && effect.gen >= gen;
}

const squeeze = (text: string): string => text.replace(/\s/g, '');
