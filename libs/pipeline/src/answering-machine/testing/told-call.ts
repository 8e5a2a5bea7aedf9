import type { AnswerFact } from '../answer-facts.js';
import { createAnswerState, detectAnsweringMachine, nextAnswerLookAt, type AnswerState } from '../answering-machine-detector.js';

/** Tells a call as it is noticed, with looks at the clock in between; answers every state on the way. */
export function tell(facts: readonly AnswerFact[], untilMs: number): AnswerState[] {
  const states = [createAnswerState()];
  const last = () => states.at(-1) ?? createAnswerState();
  const lookUntil = (until: number) => {
    for (let at = nextAnswerLookAt(last()); at !== null && at <= until; at = nextAnswerLookAt(last())) {
      states.push(detectAnsweringMachine(last(), { kind: 'time', at }));
    }
  };
  for (const fact of facts) {
    lookUntil(fact.at);
    states.push(detectAnsweringMachine(last(), fact));
  }
  lookUntil(untilMs);
  states.push(detectAnsweringMachine(last(), { kind: 'time', at: untilMs }));
  return states;
}

export const voice = (fromMs: number, toMs: number): AnswerFact[] => [
  { kind: 'voice', at: fromMs, speaking: true },
  { kind: 'voice', at: toMs, speaking: false },
];

export const agent = (fromMs: number, toMs: number): AnswerFact[] => [
  { kind: 'agent', at: fromMs, speaking: true },
  { kind: 'agent', at: toMs, speaking: false },
];

export const said = (text: string, atMs: number, language = 'en-US'): AnswerFact => ({ kind: 'final', at: atMs, text, language });

export const hinted = (text: string, atMs: number, language = 'en-US'): AnswerFact => ({ kind: 'partial', at: atMs, text, language });

/** Known 140 ms after its end. */
export const beep = (fromMs: number, toMs: number): AnswerFact => ({
  kind: 'tone',
  at: toMs + 140,
  tone: { kind: 'beep', hertz: 1_000, startedAt: fromMs, endedAt: toMs },
});

export const inOrder = (...facts: (AnswerFact | AnswerFact[])[]): AnswerFact[] => facts.flat().sort((left, right) => left.at - right.at);
