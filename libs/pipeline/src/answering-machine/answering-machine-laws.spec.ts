import fc from 'fast-check';
import type { AnswerFact } from './answer-facts.js';
import { machineAction } from './machine-action.js';
import { agent, beep, inOrder, tell, voice } from './testing/told-call.js';

const LINES = [
  'hello',
  'yes this is john',
  'please leave a message after the tone',
  'the person you are calling is not available',
  'who is this',
  'can i take a message',
  'you have reached the voicemail of mary',
  'well i do not know about that',
];
const PEOPLE_SAY = ['hello', 'yes', 'hi there', 'who is this', 'john miller', 'good morning', '喂', '你好'];

const moment = fc.integer({ min: 0, max: 35_000 });
const span = fc.tuple(moment, fc.integer({ min: 50, max: 12_000 }));
const anyFacts: fc.Arbitrary<AnswerFact[]> = fc
  .record({
    voices: fc.array(span, { maxLength: 8 }),
    agents: fc.array(span, { maxLength: 4 }),
    texts: fc.array(
      fc.record({ at: moment, text: fc.constantFrom(...LINES), kind: fc.constantFrom('partial' as const, 'final' as const) }),
      { maxLength: 8 },
    ),
    beeps: fc.array(moment, { maxLength: 3 }),
  })
  .map(({ voices, agents, texts, beeps }) =>
    inOrder(
      voices.flatMap(([from, ms]) => voice(from, from + ms)),
      agents.flatMap(([from, ms]) => agent(from, from + ms)),
      texts.map((text) => ({ ...text, language: 'en-US' })),
      beeps.map((at) => beep(at, at + 300)),
    ),
  );

it('a verdict that is final never changes its kind again, and a machine is final', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const verdicts = tell(facts, 40_000).map(({ verdict }) => verdict);
      const firstFinal = verdicts.findIndex(({ final }) => final);
      expect(new Set(verdicts.slice(firstFinal).map(({ kind }) => kind)).size).toBe(1);
      for (const { kind, final } of verdicts) if (kind === 'machine') expect(final).toBe(true);
    }),
    { numRuns: 400 },
  );
});

it('a short greeting and then silence is never a machine, whoever speaks meanwhile on our side', () => {
  const short = fc.record({
    startsAt: fc.integer({ min: 0, max: 10_000 }),
    lastsMs: fc.integer({ min: 60, max: 2_500 }),
    text: fc.option(fc.constantFrom(...PEOPLE_SAY)),
    textAfterMs: fc.integer({ min: -200, max: 2_000 }),
    ours: fc.array(span, { maxLength: 4 }),
  });
  fc.assert(
    fc.property(short, ({ startsAt, lastsMs, text, textAfterMs, ours }) => {
      const endsAt = startsAt + lastsMs;
      const words: AnswerFact[] =
        text === null
          ? []
          : [{ kind: 'final', at: Math.max(0, endsAt + textAfterMs), text, language: /\p{Script=Han}/u.test(text) ? 'zh-CN' : 'en-US' }];
      const facts = inOrder(
        voice(startsAt, endsAt),
        words,
        ours.flatMap(([from, ms]) => agent(from, from + ms)),
      );
      for (const state of tell(facts, 40_000)) expect(state.verdict.kind).not.toBe('machine');
    }),
    { numRuns: 400 },
  );
});

it('the same facts give the same verdict, and a state survives being written down', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const last = tell(facts, 40_000).at(-1);
      expect(tell(facts, 40_000).at(-1)).toEqual(last);
      expect(JSON.parse(JSON.stringify(last))).toEqual(last);
    }),
    { numRuns: 100 },
  );
});

it('an unsure verdict and a person never ask for anything but to go on', () => {
  const rules = fc.constantFrom(
    { on_machine: 'hang_up' as const, message: null, call_again: true },
    { on_machine: 'leave_message' as const, message: 'please call back', call_again: false },
  );
  fc.assert(
    fc.property(anyFacts, rules, (facts, campaign) => {
      for (const state of tell(facts, 40_000))
        if (state.verdict.kind !== 'machine') expect(machineAction(state, campaign)).toEqual({ do: 'go_on' });
    }),
    { numRuns: 200 },
  );
});
