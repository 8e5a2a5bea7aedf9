import type { AnswerVerdict, LineTone } from '@carillon/pipeline';
import type { Greeting } from '@carillon/simulator/greetings';
import type { Judgement } from './judge-call.js';

export interface JudgedCall extends Judgement {
  greeting: Greeting;
  /** When the greeting began, from the start of media. */
  onsetAt: number;
  beeps: { startedAt: number; endedAt: number }[];
  heard: LineTone[];
  snrDb: number;
  /** Cost of listening for tones. */
  frames: number;
  spentMs: number;
}

interface Sorted {
  who: Greeting['who'];
  verdict: AnswerVerdict;
}

/** A beep was found where one ended within this time of it. */
const NEAR_MS = 100;

/** The line that the bench ends with. */
export function report(
  load: { seed: number; set: string },
  calls: readonly JudgedCall[],
  chinese: readonly Sorted[],
): Record<string, unknown> {
  const sorted = calls.map(({ greeting, verdict }) => ({ who: greeting.who, verdict }));
  const machines = calls.filter(({ greeting }) => greeting.who === 'machine');
  const found = machines.filter(({ verdict }) => verdict.kind === 'machine');
  const times = found.map(({ verdict }) => verdict.decidedAt);
  const afterOnset = found.map(({ verdict, onsetAt }) => verdict.decidedAt - onsetAt);
  const frames = calls.reduce((sum, call) => sum + call.frames, 0);
  return {
    result: 'answering-machine',
    ...load,
    greetings: calls.length,
    persons: calls.length - machines.length,
    machines: machines.length,
    ...rates(sorted),
    person_delayed: calls.filter(({ greeting, delayed }) => greeting.who === 'person' && delayed).length,
    unsure: sorted.filter(({ verdict }) => verdict.kind === 'unsure').length,
    ...beepRates(calls),
    p50_ms: Math.round(quantile(times, 0.5)),
    p95_ms: Math.round(quantile(times, 0.95)),
    p50_after_onset_ms: Math.round(quantile(afterOnset, 0.5)),
    ...messages(found),
    tone_us_per_frame: Number(((1_000 * calls.reduce((sum, call) => sum + call.spentMs, 0)) / frames).toFixed(1)),
    chinese: { calls: chinese.length, ...rates(chinese) },
    missed: missed(calls),
    recall_by_snr: Object.fromEntries(
      [40, 20, 10, 5].map((snr) => [
        snr,
        rates(machines.filter(({ snrDb }) => snrDb === snr).map((call) => ({ who: 'machine', verdict: call.verdict }))).recall,
      ]),
    ),
  };
}

/** Of those called machines, how many are; of the machines, how many are called so. */
function rates(calls: readonly Sorted[]): { precision: number; recall: number } {
  const called = calls.filter(({ verdict }) => verdict.kind === 'machine');
  const truly = called.filter(({ who }) => who === 'machine').length;
  return { precision: share(truly, called.length), recall: share(truly, calls.filter(({ who }) => who === 'machine').length) };
}

function beepRates(calls: readonly JudgedCall[]): { beeps: number; beep_precision: number; beep_recall: number } {
  let [there, found, heard] = [0, 0, 0];
  for (const call of calls) {
    const tones = call.heard.filter(({ kind }) => kind === 'beep');
    there += call.beeps.length;
    heard += tones.length;
    found += call.beeps.filter(({ endedAt }) => tones.some((tone) => Math.abs(tone.endedAt - endedAt) <= NEAR_MS)).length;
  }
  return { beeps: there, beep_precision: share(found, heard), beep_recall: share(found, there) };
}

/** Messages that would have begun before the beep, and so would have lost their beginning, had it not been said again after it. */
function messages(found: readonly JudgedCall[]): { messages: number; messages_too_early: number } {
  const left = found.filter(({ messageAt }) => messageAt !== null);
  const early = left.filter(({ messageAt, beeps }) => beeps.some(({ endedAt }) => (messageAt ?? 0) < endedAt));
  return { messages: left.length, messages_too_early: early.length };
}

/** Which kinds of machines were not called so, and which persons were. */
function missed(calls: readonly JudgedCall[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { greeting, verdict } of calls) {
    if ((verdict.kind === 'machine') === (greeting.who === 'machine')) continue;
    const name = `${greeting.who}: ${greeting.situation}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : Number((part / whole).toFixed(4));
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}
