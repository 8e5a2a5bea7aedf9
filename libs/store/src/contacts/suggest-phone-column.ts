import { readPhone } from '@carillon/campaigns';
import type { CsvRecord } from './csv-records.js';

/** A column with fewer phone numbers than this among its cells is not suggested. */
const LEAST_SHARE = 0.5;

/** The column whose cells read as phone numbers most often, and how often; null when none does. */
export function suggestPhoneColumn(
  names: readonly string[],
  sample: readonly CsvRecord[],
  defaultRegion: string,
): { column: string; confidence: number } | null {
  const share = (index: number) => {
    const cells = sample.map(({ cells }) => cells[index] ?? '').filter((cell) => cell !== '');
    return cells.length === 0 ? 0 : cells.filter((cell) => 'e164' in readPhone(cell, defaultRegion)).length / cells.length;
  };
  const shares = names.map((column, index) => ({ column, confidence: share(index) }));
  const best = shares.reduce((one, other) => (other.confidence > one.confidence ? other : one), { column: '', confidence: 0 });
  return best.confidence < LEAST_SHARE ? null : { ...best, confidence: Math.round(best.confidence * 90) / 100 };
}

/** Whether a header cell is no name but a number in international form. */
export function looksLikePhone(cell: string): boolean {
  return 'e164' in readPhone(cell.startsWith('+') ? cell : `+${cell}`, 'ZZ');
}
