// Not from the root of the library: threads load this file, and would load all of the library with it.
import { type BucketFacts, bucketKeyOf } from '@carillon/campaigns/numbers/bucket-key';
import { type NumberPlace, placeOf } from '@carillon/campaigns/numbers/place-of';
import { readPhone } from '@carillon/campaigns/numbers/read-phone';
import { hasRegionList } from '@carillon/campaigns/numbers/region-codes';
import { readConsent } from './consent-cell.js';
import type { ContactColumns } from './contact-columns.js';
import { ERROR_COLUMNS, restoreCell } from './csv-cell.js';
import type { CsvRecord } from './csv-records.js';
import { noRegion, placeInRegion, readRegion } from './region-cell.js';
import { readTimeZone } from './time-zone-cell.js';

/** How the rows of one upload are read. Plain data: it goes to threads. */
export interface RowRules {
  columns: ContactColumns;
  /** Region of numbers without a country code. */
  defaultRegion: string;
}

/** `bucketKey` and `variables` as texts: they are stored as they are, and there may be a million of them. */
export type ContactRow =
  | { ok: true; line: number; phoneE164: string; bucketKey: string; variables: string; regionNotRead: boolean }
  | { ok: false; line: number; column: string; reason: string; row: [name: string, cell: string][] };

/** A variable goes into prompts: beyond this it is a document, not a fact about a person. */
const MAX_CELL_LENGTH = 8_000;

interface Fault {
  index: number;
  reason: string;
}

/** Turns records into contacts, or says what is wrong with them. Every column that is none of the known facts becomes a variable. */
export function contactRowReader({ columns, defaultRegion }: RowRules): (record: CsvRecord) => ContactRow {
  const readPlace = placeReader(columns);
  const writeVariables = variablesWriter(columns);
  return (record) => {
    const cells = tidyCells(record, columns.names.length);
    const fault = rowFault(record, columns.names.length) ?? cellFault(cells);
    if (fault) return refused(record, columns.names, fault);
    const phone = readPhone(cells[columns.roles.phone] ?? '', defaultRegion);
    if ('fault' in phone) return refused(record, columns.names, { index: columns.roles.phone, reason: phone.fault });
    const place = readPlace(cells, phone);
    if ('reason' in place) return refused(record, columns.names, place);
    return { ok: true, line: record.line, phoneE164: phone.e164, ...place, variables: writeVariables(cells) };
  };
}

function tidyCells(record: CsvRecord, count: number): string[] {
  const cells: string[] = [];
  for (let index = 0; index < count; index += 1) cells.push(restoreCell(record.cells[index] ?? '').trim());
  return cells;
}

function rowFault(record: CsvRecord, columnCount: number): Fault | null {
  if (record.cells.length <= columnCount) return null;
  const index = record.cells.findIndex((cell, at) => at >= columnCount && cell.trim() !== '');
  if (index < 0) return null;
  const reason = `The row has ${record.cells.length} cells, the header ${columnCount}; put quotes around cells that hold a delimiter`;
  return { index, reason };
}

function cellFault(cells: readonly string[]): Fault | null {
  for (let index = 0; index < cells.length; index += 1) {
    const cell = cells[index] ?? '';
    if (cell.length > MAX_CELL_LENGTH) return { index, reason: `The cell is longer than ${MAX_CELL_LENGTH} characters; shorten it` };
    if (cell.includes('\uFFFD')) return { index, reason: 'The cell holds bytes that are not UTF-8; save the file as CSV (UTF-8)' };
  }
  return null;
}

function refused(record: CsvRecord, names: readonly string[], { index, reason }: Fault): ContactRow {
  const row = names.map((name, at): [string, string] => [name, record.cells[at] ?? '']);
  return {
    ok: false,
    line: record.line,
    column: names[index] ?? `column ${index + 1}`,
    reason,
    row: row.filter(([name]) => !ERROR_COLUMNS.includes(name)),
  };
}

/** `regionNotRead`: its cell says something that is no region of the country; the number alone decides. */
type PlaceReading = { bucketKey: string; regionNotRead: boolean } | Fault;

/** Where and on what ground a contact may be called: by the cells that say so, otherwise by the number. */
function placeReader({
  roles,
  given,
}: ContactColumns): (cells: readonly string[], phone: { e164: string; country: string | null }) => PlaceReading {
  const keys = new WeakMap<NumberPlace, string>();
  const keyOfNumber = (place: NumberPlace) => {
    const known = keys.get(place);
    if (known !== undefined) return known;
    const key = bucketKeyOf({ ...place, consent: null });
    keys.set(place, key);
    return key;
  };
  return (cells, { e164, country }) => {
    const place = placeOf(e164);
    const zoneCell = cells[roles.time_zone] ?? '';
    const regionCell = cells[roles.region] ?? '';
    const consentCell = cells[roles.consent] ?? '';
    if (place.country === country && zoneCell === '' && regionCell === '' && consentCell === '')
      return { bucketKey: keyOfNumber(place), regionNotRead: false };
    const facts: BucketFacts = { country, regions: place.regions, timeZones: place.timeZones, consent: null };
    const region = regionCell === '' ? null : readRegion(regionCell, country);
    if (region) Object.assign(facts, placeInRegion(place, region));
    else if (regionCell !== '' && country !== null) {
      // A column that is only called "state" may hold anything; one that the caller named must hold regions.
      if (given.includes('region') && hasRegionList(country)) return { index: roles.region, reason: noRegion(regionCell, country) };
    }
    if (zoneCell !== '') {
      const reading = readTimeZone(zoneCell);
      if ('fault' in reading) return { index: roles.time_zone, reason: reading.fault };
      facts.timeZones = [reading.zone];
    }
    const consent = readConsent(consentCell);
    if ('fault' in consent) return { index: roles.consent, reason: consent.fault };
    facts.consent = consent.consent;
    return { bucketKey: bucketKeyOf(facts), regionNotRead: regionCell !== '' && region === null };
  };
}

/** Anything that JSON has to escape, or that is no plain character; runs of white space. */
const NEEDS_CARE = /[^ !#-[\]-~]| {2}/;

/** The variables as JSON text. The names are written once for all rows. */
function variablesWriter({ names, variables }: ContactColumns): (cells: readonly string[]) => string {
  const parts = variables.map((index, at) => ({ index, prefix: `${at === 0 ? '{' : ','}${JSON.stringify(names[index])}:` }));
  if (parts.length === 0) return () => '{}';
  return (cells) => {
    let json = '';
    for (const { index, prefix } of parts) {
      const cell = cells[index] ?? '';
      json += prefix + (NEEDS_CARE.test(cell) ? JSON.stringify(withoutControls(cell)) : `"${cell}"`);
    }
    return `${json}}`;
  };
}

/** Values are data for prompts: control characters have no business there; tabs and line ends become spaces. */
function withoutControls(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\p{Cc}/gu, '');
}
