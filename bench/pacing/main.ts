import { parseArgs } from 'node:util';
import type { PacingMode } from '@carillon/campaigns';
import { SimulatedFleet, type PacingCase } from './fleet.js';

const MODES: readonly PacingMode[] = ['progressive', 'overlap'];
const SLOTS = [10, 50, 100, 200];
const DRIFT_MS = 3_600_000;

const CASES: readonly PacingCase[] = [
  { name: 'a', answerRate: () => 0.15, talkMs: 60_000 },
  { name: 'b', answerRate: () => 0.3, talkMs: 90_000 },
  { name: 'c', answerRate: (sinceStartMs) => 0.15 + 0.25 * Math.min(1, sinceStartMs / DRIFT_MS), talkMs: 60_000 },
];

/** Virtual hours of shipped pacing that knows nothing at the start: the minutes in which it learns the rates are counted in. */
function main(): void {
  const { values } = parseArgs({ options: { hours: { type: 'string', default: '6' }, seed: { type: 'string', default: '1' } } });
  const rows = CASES.flatMap((situation) => MODES.flatMap((mode) => SLOTS.map((slots) => row(situation, mode, slots, values))));
  process.stdout.write(`${JSON.stringify({ result: 'pacing', hours: Number(values.hours), rows })}\n`);
}

function row(situation: PacingCase, mode: PacingMode, slots: number, { hours, seed }: { hours: string; seed: string }) {
  const started = performance.now();
  const figures = new SimulatedFleet(situation, mode, slots, seeded(Number(seed))).run(Number(hours));
  const result = {
    case: situation.name,
    mode,
    slots,
    answer_rate: Number((figures.answered / Math.max(1, figures.calls)).toFixed(3)),
    talk_s: situation.talkMs / 1_000,
    utilisation: Number(figures.utilisation.toFixed(3)),
    abandonment: Number(figures.abandonment.toFixed(5)),
    calls: figures.calls,
  };
  process.stderr.write(`${JSON.stringify(result)} in ${Math.round(performance.now() - started)} ms\n`);
  return result;
}

/** mulberry32: the same run for the same seed. */
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

main();
