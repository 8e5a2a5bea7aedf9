import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** What is in a generated file, so that the import's own counts can be checked. */
export interface ExampleFile {
  rows: number;
  bad: number;
  repeated: number;
  /** Numbers in E.164 that occur in the file, each once, to be put on the blacklist. */
  blacklisted: string[];
}

const AREAS = [
  '212',
  '213',
  '214',
  '215',
  '216',
  '239',
  '262',
  '281',
  '303',
  '305',
  '312',
  '313',
  '402',
  '404',
  '405',
  '407',
  '412',
  '415',
  '503',
  '602',
];
const CITIES = ['New York', 'Los Angeles', 'Düsseldorf', 'São Paulo', 'Springfield', 'Saint Louis, MO', '北京', 'Portland'];
const ZONES = ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles', 'America/Phoenix'];
const NAMES = [
  'Smith, Ann',
  'García, José',
  'Lee, Min-ji',
  'Müller, Jörg',
  "O'Brien, Pat",
  'Johnson, Robert "Bob"',
  'Nguyen, Thi',
  'Brown, Mary',
];
const NOTES = [
  '',
  'prefers afternoons',
  'asked about the "spring" offer, call again',
  'two children; likes tea',
  'first line\nsecond line',
];
const BAD = ['', 'n/a', '555-01', '1.4155550132E+10', '+1 555 010 0000 99', 'call office'];
const WRITE_ROWS = 1_000;
const HEADER = 'customer_id,full name,Phone Number,email,city,time_zone,note\n';

/** Writes a file of people as exports of customer databases look: quoted cells, numbers in many forms, one row in a hundred bad, one repeated. */
export async function writeExampleFile(path: string, rows: number, blacklistedRows: number): Promise<ExampleFile> {
  const file = createWriteStream(path);
  const example: ExampleFile = { rows, bad: 0, repeated: 0, blacklisted: [] };
  const blacklistedEvery = Math.max(1, Math.floor(rows / blacklistedRows));
  file.write(HEADER);
  let text = '';
  for (let row = 0; row < rows; row += 1) {
    const kind = row % 100;
    if (kind === 37) example.bad += 1;
    if (kind === 73) example.repeated += 1;
    if (kind === 11 && row % blacklistedEvery < 100) example.blacklisted.push(e164(row));
    const phone = kind === 37 ? (BAD[Math.floor(row / 100) % BAD.length] ?? '') : written(kind === 73 ? row - 50 : row);
    text += line(row, phone);
    if ((row + 1) % WRITE_ROWS > 0 && row + 1 < rows) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end();
  await once(file, 'close');
  return example;
}

function line(row: number, phone: string): string {
  const pick = <Value>(values: readonly Value[], salt: number) => values[(row * salt) % values.length];
  const zone = row % 10 < 3 && row % 7 < 5 ? (pick(ZONES, 1) ?? '') : '';
  const note = (pick(NOTES, 3) ?? '').replaceAll('"', '""');
  const name = (pick(NAMES, 5) ?? '').replaceAll('"', '""');
  return `${100_000 + row},"${name}",${phone},customer.${row}@example.com,"${pick(CITIES, 11)}",${zone},"${note}"\n`;
}

/** Seven of ten are from the USA, the others from Germany, Britain and France; no two rows have the same. */
function e164(row: number): string {
  const serial = Math.floor(row / 10);
  if (row % 10 < 7) {
    const area = AREAS[(row * 7 + serial) % AREAS.length] ?? '';
    return `+1${area}${2_340_001 + ((row * 7) % 7_000_003)}`;
  }
  if (row % 10 === 7) return `+4915${1 + (serial % 2)}${10_000_000 + serial}`;
  return row % 10 === 8 ? `+4477${String(10_000_000 + serial)}`.replace(/^\+44771/, '+44771') : `+336${String(10_000_000 + serial)}`;
}

function written(row: number): string {
  const number = e164(row);
  if (!number.startsWith('+1')) return row % 3 === 0 ? `+${number.slice(1, 3)} ${number.slice(3, 6)} ${number.slice(6)}` : number;
  const [area, exchange, rest] = [number.slice(2, 5), number.slice(5, 8), number.slice(8)];
  const forms = [
    number,
    `(${area}) ${exchange}-${rest}`,
    `${area}-${exchange}-${rest}`,
    `${area}${exchange}${rest}`,
    `1${area}${exchange}${rest}`,
  ];
  return [...forms, `"+1 ${area} ${exchange} ${rest}"`, `${area}.${exchange}.${rest}`][row % 7] ?? number;
}
