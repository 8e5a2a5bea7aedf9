import { CarillonError } from '@carillon/contracts';
import { isPossiblePhoneNumber } from 'libphonenumber-js/max';
import { storableText } from '../json.js';
import type { ContactColumns } from './contact-row.js';
import type { CsvRecord } from './csv-tokeniser.js';
import { findPhoneColumn } from './phone-column.js';

const MAX_COLUMNS = 256;

/** Reads the header. Throws `csv_without_phone_column` with the columns that were found, and `csv_unreadable` when there are too many. */
export function readContactColumns(header: CsvRecord): ContactColumns {
  const cells = trimTrailingEmpty(header.cells.map((cell) => storableText(cell).trim()));
  if (cells.length > MAX_COLUMNS) {
    throw new CarillonError('csv_unreadable', [
      { field: 'file', message: `The header has ${cells.length} columns; ${MAX_COLUMNS} are the most` },
    ]);
  }
  const phoneIndex = findPhoneColumn(cells);
  if (phoneIndex < 0) throw withoutPhoneColumn(cells);
  return { names: uniqueNames(cells), phoneIndex };
}

function withoutPhoneColumn(cells: string[]): CarillonError {
  const found = cells
    .map((cell) => `"${cell.slice(0, 40)}"`)
    .slice(0, 20)
    .join(', ');
  const headless = cells.some((cell) => isPossiblePhoneNumber(cell.startsWith('+') ? cell : `+${cell}`));
  const fix = headless
    ? 'the first row seems to hold a contact: add a header row above it, with "phone_number" over the numbers'
    : 'name the column with the numbers "phone_number" ("phone", "telephone", "mobile", "tel" and "number" do as well)';
  return new CarillonError('csv_without_phone_column', [{ field: 'file', message: `The columns are ${found}; ${fix}` }]);
}

function trimTrailingEmpty(cells: string[]): string[] {
  return cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1);
}

function uniqueNames(cells: string[]): string[] {
  const taken = new Set<string>();
  return cells.map((cell, index) => {
    const base = cell === '' ? `column_${index + 1}` : cell;
    let name = base;
    for (let copy = 2; taken.has(name); copy += 1) name = `${base}_${copy}`;
    taken.add(name);
    return name;
  });
}
