import { percentile } from '../voice/figures.js';
import type { Attempt } from './interrupter.js';

/** A voice that is not heard by now would have to be raised. */
const MISSED_AFTER_MS = 1_000;
/** Silence that is longer is no hesitation: the agent was cut. */
const LONGEST_PAUSE_MS = 1_000;

export interface Judgement {
  p50_ms: number;
  p95_ms: number;
  false_cuts: number;
  false_pauses: number;
  missed: number;
}

/** Our own words that came back, and after how many of them the agent stopped, if only for a moment. */
export interface EchoJudgement {
  echoes: number;
  echo_stops: number;
}

/** From the first sound of a voice to the moment when the carrier is told to play no more; and what noises did. */
export function judge(attempts: readonly Attempt[]): Judgement {
  const voices = attempts.filter(({ kind }) => kind === 'voice');
  const noises = attempts.filter(({ kind }) => kind !== 'voice');
  const stopsMs = voices.flatMap(({ stoppedAt, onsetAt }) => (stoppedAt === null ? [] : [stoppedAt - onsetAt]));
  return {
    p50_ms: Math.round(percentile(stopsMs, 0.5)),
    p95_ms: Math.round(percentile(stopsMs, 0.95)),
    false_cuts: noises.filter(isFalseCut).length,
    false_pauses: noises.filter((noise) => noise.stoppedAt !== null && !isFalseCut(noise)).length,
    missed: voices.filter(isMissed).length,
  };
}

export function judgeEchoes(attempts: readonly Attempt[]): EchoJudgement {
  const echoes = attempts.filter(({ kind }) => kind === 'echo');
  return { echoes: echoes.length, echo_stops: echoes.filter(({ stoppedAt }) => stoppedAt !== null).length };
}

/** For whoever wants to know more. */
export function explain(attempt: Attempt): Record<string, unknown> {
  const { kind, text, onsetAt, endAt, stoppedAt, resumedAt } = attempt;
  const right = kind === 'voice' ? !isMissed(attempt) : !isFalseCut(attempt);
  const sinceOnset = (at: number | null) => (at === null ? null : Math.round(at - onsetAt));
  return { right, kind, text, endMs: sinceOnset(endAt), stopMs: sinceOnset(stoppedAt), resumedMs: sinceOnset(resumedAt) };
}

/** The agent spoke on, or began again while the person still spoke. */
function isMissed({ onsetAt, endAt, stoppedAt, resumedAt }: Attempt): boolean {
  if (stoppedAt === null || stoppedAt - onsetAt > MISSED_AFTER_MS) return true;
  return resumedAt !== null && resumedAt < endAt;
}

function isFalseCut({ stoppedAt, resumedAt }: Attempt): boolean {
  return stoppedAt !== null && (resumedAt === null || resumedAt - stoppedAt > LONGEST_PAUSE_MS);
}
