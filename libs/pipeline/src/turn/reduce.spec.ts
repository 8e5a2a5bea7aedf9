import fc from 'fast-check';
import { textOf } from '../policies/endpointing.js';
import type { Effect } from './effects.js';
import type { TurnEvent } from './events.js';
import { reduce, type Reduction } from './reduce.js';
import { DEFAULT_RULES, type ConversationRules } from './conversation-rules.js';
import { createTurnState, type TimerName, type TurnState } from './state.js';

const lines = { greeting: 'Hello.', stillThere: 'Are you there?', goodbye: 'Goodbye.', apology: 'Sorry.', filler: 'One moment.' };
const rules: ConversationRules = { ...DEFAULT_RULES, lines };

/** An event as a random test draws it: which generation it belongs to is decided when it is applied. */
interface Draw {
  /** `utterance` and `proceed` are what usually happens, so that a run gets anywhere; all else may come at any time. */
  kind: TurnEvent['type'] | 'voice-run' | 'utterance' | 'proceed';
  wait: number;
  /** 0: of the live generation and request; 1: of the one before. */
  age: 0 | 1;
  n: number;
  share: number;
}

const PROVIDER_KINDS: Draw['kind'][] = [
  ...(['llm-text', 'llm-tool-call', 'llm-tool-call', 'llm-done', 'llm-failed', 'tool-done', 'tts-audio', 'tts-failed'] as const),
  ...(['playout-started', 'playout-played', 'playout-cut', 'timer', 'dtmf', 'media-opened', 'stt-failed'] as const),
  ...(['playout-paused', 'endpoint-predicted', 'transfer-failed'] as const),
];

const kinds: fc.Arbitrary<Draw['kind']> = fc.oneof(
  { weight: 12, arbitrary: fc.constant('proceed' as const) },
  { weight: 4, arbitrary: fc.constant('utterance' as const) },
  { weight: 6, arbitrary: fc.constantFrom<Draw['kind']>('voice-run', 'voice', 'interim', 'final') },
  { weight: 4, arbitrary: fc.constantFrom(...PROVIDER_KINDS) },
);

const draws = fc.array(
  fc.record<Draw>({
    kind: kinds,
    wait: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 400 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 21_000 }) },
    ),
    age: fc.constantFrom(0, 0, 0, 1),
    n: fc.nat(5),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { minLength: 10, maxLength: 80, size: 'max' },
);

/** Plays drawn events against the reducer, firing its timers as their time comes, and checks what must hold after each step. */
class Rehearsal {
  state: TurnState;
  at = 0;
  readonly effects: Effect[] = [];
  readonly finals: string[] = [];
  private readonly armed = new Map<TimerName, { gen: number; at: number }>();
  private readonly cancelled = new Set<number>();
  private words = 0;

  constructor(
    private readonly strict: boolean,
    own: ConversationRules,
  ) {
    this.state = createTurnState(own, [], 0);
    this.apply({ type: 'call-started', at: 0 });
    this.apply({ type: 'media-opened', at: 0 });
  }

  play(draw: Draw): void {
    this.pass(draw.wait);
    for (const event of this.eventsOf(draw)) this.apply(event);
  }

  private pass(ms: number): void {
    const until = this.at + ms;
    for (let fired = 0; ; fired += 1) {
      const due = [...this.armed].filter(([, timer]) => timer.at <= until).sort(([, a], [, b]) => a.at - b.at)[0];
      if (due === undefined) break;
      if (fired > 30) throw new Error('a timer arms itself again for the same moment');
      this.armed.delete(due[0]);
      this.at = Math.max(this.at, due[1].at);
      this.apply({ type: 'timer', at: this.at, timer: due[0], gen: due[1].gen });
    }
    this.at = until;
  }

  private eventsOf({ kind, age, n, share }: Draw): TurnEvent[] {
    const { at } = this;
    const gen = this.state.gen - age;
    const request = this.state.request - age;
    const agent = this.state.agent.name === 'idle' ? null : this.state.agent.reply;
    const callId = agent?.rounds.at(-1)?.calls[0]?.id ?? 'none';
    switch (kind) {
      case 'proceed':
        return this.proceed(n, share);
      case 'utterance':
        return [
          ...Array.from({ length: n * 3 + 3 }, () => this.voice(0.9)),
          { type: share > 0.3 ? 'final' : 'interim', at: this.at, text: share > 0.3 ? this.newFinal(n + 1) : this.newWords(n + 1) },
          ...Array.from({ length: 18 }, () => this.voice(0.1)),
        ];
      case 'voice-run':
        return Array.from({ length: n * 3 }, () => this.voice(share > 0.4 ? 0.9 : 0.1));
      case 'voice':
        return [this.voice(share)];
      case 'interim':
        return [{ type: kind, at, text: this.newWords(n) }];
      case 'final':
        return [{ type: kind, at, text: this.newFinal(n) }];
      case 'llm-text':
        return [{ type: kind, at, gen, request, text: `${this.newWords(n + 1)}${share > 0.5 ? '. ' : ', '}` }];
      case 'llm-tool-call':
        return [{ type: kind, at, gen, request, call: { id: `c${n}`, name: 'tool', arguments: '{}' } }];
      case 'llm-done':
      case 'llm-failed':
        return [{ type: kind, at, gen, request }];
      case 'tool-done':
        return [{ type: kind, at, gen, callId, content: '{}', endCall: share > 0.9 }];
      case 'tts-failed':
        return [{ type: kind, at, gen, phrase: n % 3, share: share > 0.5 ? share : 0 }];
      case 'playout-paused':
      case 'playout-cut':
        return [{ type: kind, at, gen, phrase: n % 3, share }];
      case 'tts-audio':
      case 'playout-started':
      case 'playout-played':
        return [{ type: kind, at, gen, phrase: n % 3 }];
      case 'timer':
        return [{ type: kind, at, timer: 'silence', gen }];
      case 'dtmf':
        return [{ type: kind, at, digit: share > 0.8 ? '#' : String(n) }];
      case 'endpoint-predicted':
        return [{ type: kind, at, text: textOf(this.state.hearing), probability: share }];
      case 'machine':
        return [{ type: kind, at, order: { do: 'keep_silent' } }];
      case 'stt-failed':
      case 'media-opened':
      case 'call-started':
      case 'transfer-failed':
        return [{ type: kind, at }];
      case 'call-ended':
        return [{ type: kind, at, reason: 'remote', heard: null }];
    }
  }

  /** What a working model, synthesis or socket would do next. */
  private proceed(n: number, share: number): TurnEvent[] {
    const { at } = this;
    const { agent, cut, gen, request } = this.state;
    if (agent.name === 'paused') return [{ type: 'playout-paused', at, gen, phrase: n % 3, share }];
    if (cut !== null) return [{ type: 'playout-cut', at, gen: cut.gen, phrase: n % 3, share }];
    if (agent.name === 'idle') return [];
    const { reply } = agent;
    const playing = reply.phrases.findIndex(({ status }) => status === 'playing');
    const asked = reply.phrases.findIndex(({ status }) => status === 'asked');
    if (asked >= 0 && share > 0.5) return [{ type: 'playout-started', at, gen, phrase: asked }];
    if (playing >= 0) return [{ type: 'playout-played', at, gen, phrase: playing }];
    if (asked >= 0) return [{ type: 'playout-started', at, gen, phrase: asked }];
    if (reply.model.name === 'streaming') {
      const call = { id: `c${n}`, name: 'tool', arguments: '{}' };
      const calls: TurnEvent[] = share > 0.7 ? [{ type: 'llm-tool-call', at, gen, request, call }] : [];
      return [{ type: 'llm-text', at, gen, request, text: this.newWords(n) }, ...calls, { type: 'llm-done', at, gen, request }];
    }
    const waiting = reply.rounds.at(-1)?.calls ?? [];
    return waiting.map(({ id }) => ({ type: 'tool-done', at, gen, callId: id, content: '{}', endCall: share > 0.9 }));
  }

  private voice(probability: number): TurnEvent {
    this.at += 32;
    const soundAt = probability > 0.3 ? this.at - 32 * (1 + (this.words % 12)) : null;
    return { type: 'voice', at: this.at, probability, windowEndAt: this.at, soundAt };
  }

  private newFinal(count: number): string {
    const text = this.newWords(count);
    if (this.state.phase.name !== 'ended') this.finals.push(text);
    return text;
  }

  private newWords(count: number): string {
    return Array.from({ length: count }, () => `w${(this.words += 1)}`).join(' ');
  }

  apply(event: TurnEvent): void {
    const { state, effects } = this.strict ? this.reduceTwice(event) : reduce(this.state, event);
    this.state = state;
    for (const effect of effects) this.track(effect);
    if (this.strict) this.checkTimers();
  }

  /** On the state and on a copy of its snapshot: both must give the same, and leave the state alone. */
  private reduceTwice(event: TurnEvent): Reduction {
    const before = JSON.stringify(this.state);
    const result = reduce(this.state, event);
    if (JSON.stringify(this.state) !== before) throw new Error(`${event.type} has written to the state`);
    const again = reduce(JSON.parse(before) as TurnState, event);
    if (JSON.stringify(again) !== JSON.stringify(result)) throw new Error(`${event.type} gives something else on a snapshot`);
    return result;
  }

  private track(effect: Effect): void {
    this.effects.push(effect);
    if (effect.type === 'arm-timer') this.armed.set(effect.timer, effect);
    if (effect.type === 'cancel-timer') this.armed.delete(effect.timer);
    if (effect.type === 'cancel-gen') this.cancelled.add(effect.gen);
    if (effect.type === 'start-llm' || effect.type === 'speak' || effect.type === 'run-tool')
      expect(this.cancelled).not.toContain(effect.gen);
  }

  private checkTimers(): void {
    const { timers, gen, phase } = this.state;
    const names = Object.keys(timers);
    if (names.length !== this.armed.size || names.some((name) => !this.armed.has(name as TimerName))) throw new Error('timers differ');
    if (Object.values(timers).some((timer) => timer.gen !== 0 && timer.gen !== gen)) throw new Error('a timer of a dead generation');
    if (phase.name === 'ended' && names.length > 0) throw new Error('a timer after the end');
  }
}

function play(list: Draw[], strict = false, own = rules): Rehearsal {
  const rehearsal = new Rehearsal(strict, own);
  for (const draw of list) rehearsal.play(draw);
  return rehearsal;
}

const RUNS = { numRuns: 200 };

describe('whatever happens, in whatever order', () => {
  it('nothing is thrown, the state is never written to, a snapshot of it goes on alike, and timers belong to live generations', () => {
    fc.assert(
      fc.property(draws, (list) => {
        play(list, true);
      }),
      RUNS,
    );
  });

  it('no word of a final transcript is lost', () => {
    fc.assert(
      fc.property(draws, (list) => {
        const { state, finals } = play(list);
        const users = state.history.filter(({ role }) => role === 'user').map(({ content }) => content);
        const kept = new Set([...users, textOf(state.hearing)].join(' ').split(' '));
        const lost = finals
          .join(' ')
          .split(' ')
          .filter((word) => word !== '' && !kept.has(word));
        expect(lost).toEqual([]);
      }),
      RUNS,
    );
  });

  it('each reported message is reported once, in order, and the transcript is complete in the end', () => {
    fc.assert(
      fc.property(draws, (list) => {
        const rehearsal = play(list);
        rehearsal.apply({ type: 'call-ended', at: rehearsal.at, reason: 'remote', heard: null });
        const { state, effects, finals } = rehearsal;
        const said = effects.flatMap((effect) => (effect.type === 'said' ? [effect.message] : []));
        const ids = said.map(({ id }) => id);
        expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
        const texts = effects.flatMap((effect) =>
          effect.type === 'said' ? [effect.message.content] : effect.type === 'revised' ? [effect.content] : [],
        );
        const reported = new Set(texts.join(' ').split(' '));
        const missing = finals
          .join(' ')
          .split(' ')
          .filter((word) => word !== '' && !reported.has(word));
        expect(missing).toEqual([]);
        expect(state.phase.name).toBe('ended');
      }),
      RUNS,
    );
  });

  it('the parts of each ledger add up to the whole', () => {
    fc.assert(
      fc.property(draws, (list) => {
        for (const effect of play(list).effects) {
          if (effect.type !== 'measured') continue;
          const { replyMs, ...parts } = effect.ledger;
          expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(replyMs);
          expect(Math.min(...Object.values(parts))).toBeGreaterThanOrEqual(0);
        }
      }),
      RUNS,
    );
  });

  it('nobody is put through twice, and the model is not asked once somebody is', () => {
    const handingOver = { ...rules, failureHandOver: true, hardTimeoutAction: 'hand-over' as const };
    fc.assert(
      fc.property(draws, (list) => {
        const { effects } = play(list, true, handingOver);
        const at = effects.findIndex(({ type }) => type === 'transfer');
        if (at >= 0) expect(effects.slice(at + 1).filter(({ type }) => type === 'transfer' || type === 'start-llm')).toEqual([]);
      }),
      RUNS,
    );
  });

  it('one hang-up at most, and nothing after it', () => {
    fc.assert(
      fc.property(draws, (list) => {
        const { effects } = play(list);
        const at = effects.findIndex(({ type }) => type === 'hang-up');
        if (at >= 0) expect(effects.slice(at + 1).filter(({ type }) => type !== 'cancel-timer')).toEqual([]);
      }),
      RUNS,
    );
  });
});

it('an end that is told twice is one', () => {
  const state = createTurnState(rules, [], 0);
  const ended = reduce(state, { type: 'call-ended', at: 5, reason: 'remote', heard: null });
  expect(reduce(ended.state, { type: 'call-ended', at: 6, reason: 'shutdown', heard: null })).toEqual({ state: ended.state, effects: [] });
});
