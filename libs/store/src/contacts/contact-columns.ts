import { CarillonError, COLUMN_ROLES, type ColumnRole, type ContactMapping } from '@carillon/contracts';
import { storableText } from '../json.js';
import { comparable, findColumn } from './column-names.js';
import { ERROR_COLUMNS } from './csv-cell.js';
import { unreadable } from './csv-format.js';
import type { CsvRecord } from './csv-records.js';
import { looksLikePhone, suggestPhoneColumn } from './suggest-phone-column.js';

const MAX_COLUMNS = 256;

/** The header of an upload, with what its columns hold. Plain data: it goes to threads. */
export interface ContactColumns {
  /** Every name once: empty ones are numbered, repeated ones too. */
  names: string[];
  /** Index of the column that holds the fact, -1 when none does. */
  roles: Record<ColumnRole, number>;
  /** Roles that the caller gave to a column, not its name. */
  given: ColumnRole[];
  /** Columns that become variables. */
  variables: number[];
}

interface Header {
  record: CsvRecord;
  /** The first rows below, for suggestions. */
  sample: readonly CsvRecord[];
  defaultRegion: string;
  mapping: ContactMapping;
}

/**
 * Reads the header. Throws `csv_without_phone_column` with the columns that were found and the one that looks right, `csv_unreadable` when there
 * are too many, `invalid_body` for a mapping that names a column that is not there.
 */
export function readContactColumns({ record, sample, defaultRegion, mapping }: Header): ContactColumns {
  const names = columnNames(record);
  const given = COLUMN_ROLES.filter((role) => mapping[role] !== undefined);
  const roleOf = (role: ColumnRole) => roleColumn(names, role, mapping[role]);
  const roles = { phone: roleOf('phone'), time_zone: roleOf('time_zone'), region: roleOf('region'), consent: roleOf('consent') };
  if (roles.phone < 0) throw withoutPhoneColumn(names, sample, defaultRegion);
  const ignored = (mapping.ignore ?? []).map((name) => givenColumn(names, 'ignore', name));
  const facts = [roles.phone, roles.time_zone, roles.consent, ...ignored]; // a state is a fact for prompts as well
  const variables = names.flatMap((name, index) => (facts.includes(index) || ERROR_COLUMNS.includes(name) ? [] : [index]));
  return { names, roles, given, variables };
}

/** The names of the columns, each once. Throws `csv_unreadable` when there are too many. */
export function columnNames(record: CsvRecord): string[] {
  const cells = record.cells.map((cell) => storableText(cell).trim());
  const used = cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1);
  if (used.length > MAX_COLUMNS) throw unreadable(`The header has ${used.length} columns; ${MAX_COLUMNS} are the most`);
  return uniqueNames(used);
}

function roleColumn(names: string[], role: ColumnRole, wanted: string | null | undefined): number {
  if (wanted === null) return -1;
  return wanted === undefined ? findColumn(names, role) : givenColumn(names, role, wanted);
}

function givenColumn(names: string[], field: string, wanted: string): number {
  const exact = names.indexOf(wanted.trim());
  const index = exact >= 0 ? exact : names.findIndex((name) => comparable(name) === comparable(wanted));
  if (index >= 0) return index;
  const message = `There is no column "${wanted.slice(0, 40)}"; the columns are ${listed(names)}`;
  throw new CarillonError('invalid_body', [{ field: `mapping.${field}`, message }]);
}

function withoutPhoneColumn(names: string[], sample: readonly CsvRecord[], defaultRegion: string): CarillonError {
  const suggestion = suggestPhoneColumn(names, sample, defaultRegion);
  const fix = names.some(looksLikePhone)
    ? 'the first row seems to hold a contact: add a header row above it, with "phone_number" over the numbers'
    : suggestion
      ? `"${suggestion.column.slice(0, 40)}" looks like phone numbers: upload again with mapping=${JSON.stringify({ phone: suggestion.column })}`
      : 'name the column with the numbers "phone_number" ("phone", "telephone", "mobile", "tel" and "number" do as well)';
  return new CarillonError('csv_without_phone_column', [{ field: 'file', message: `The columns are ${listed(names)}; ${fix}` }]);
}

function listed(names: readonly string[]): string {
  return names
    .slice(0, 20)
    .map((name) => `"${name.slice(0, 40)}"`)
    .join(', ');
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
