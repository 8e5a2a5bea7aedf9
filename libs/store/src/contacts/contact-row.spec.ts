import type { ContactMapping } from '@carillon/contracts';
import { readContactColumns } from './contact-columns.js';
import { contactRowReader } from './contact-row.js';
import { csvCell, restoreCell } from './csv-cell.js';

const columnsOf = (cells: string[], mapping: ContactMapping = {}, rows: string[][] = []) =>
  readContactColumns({
    record: { line: 1, cells },
    sample: rows.map((row, index) => ({ line: index + 2, cells: row })),
    defaultRegion: 'US',
    mapping,
  });
const columns = columnsOf(['Name', 'Phone', 'city']);

/** Reads one row; its variables as an object. */
function readRow(cells: string[], under = columns, defaultRegion = 'US') {
  const read = contactRowReader({ columns: under, defaultRegion })({ line: 7, cells });
  return read.ok ? { ...read, variables: JSON.parse(read.variables) as unknown } : read;
}
const row = (phone: string, region = 'US') => readRow(['Ann', phone, ' Oslo '], columns, region);

describe('the header', () => {
  it.each([
    [['id', 'Phone Number'], 1],
    [['number', 'mobile'], 1],
    [['Téléphone', 'nom'], 0],
    [['name', 'E-164'], 1],
    [['电话', '姓名'], 0],
    [['TEL.', 'Name'], 0],
    [['Kunde', 'Rufnummer'], 1],
  ])('of %j has the number in column %i', (cells, phone) => {
    expect(columnsOf(cells).roles).toMatchObject({ phone });
  });

  it('tells time zone, state and consent by their names in several languages', () => {
    expect(columnsOf(['phone', 'Zeitzone', 'US State', 'Einwilligung']).roles).toEqual({ phone: 0, time_zone: 1, region: 2, consent: 3 });
    expect(columnsOf(['电话', '时区', '同意', '省份']).roles).toEqual({ phone: 0, time_zone: 1, region: 3, consent: 2 });
  });

  it('is read as the caller says, who may also keep a column from being taken', () => {
    const given = columnsOf(['Contact', 'State', 'TZ', 'Secret'], { phone: 'contact', region: null, time_zone: 'TZ', ignore: ['secret'] });
    expect(given).toMatchObject({ roles: { phone: 0, region: -1, time_zone: 2 }, given: ['phone', 'time_zone', 'region'], variables: [1] });
  });

  it('leaves the language of a contact to the call: the column is a variable under its own name, in every spelling', () => {
    for (const name of ['language', 'Language', 'LANGUAGE']) {
      const { roles, variables } = columnsOf(['phone', name, 'state']);
      expect({ roles, variables }).toMatchObject({ roles: { phone: 0, region: 2 }, variables: [1, 2] });
      expect(readRow(['+14155550132', 'de-DE', ''], columnsOf(['phone', name, 'state']))).toMatchObject({ variables: { [name]: 'de-DE' } });
    }
  });

  it('gives every column a name of its own', () => {
    expect(columnsOf(['phone', 'name', '', 'name', '', '']).names).toEqual(['phone', 'name', 'column_3', 'name_2']);
  });

  it.each([
    [['name', 'city'], [], /columns are "name", "city".*"phone_number"/],
    [['Ann', '+14155550132'], [], /add a header row/],
    [['name', 'Kontakt'], [['Ann', '415 555 0132']], /"Kontakt" looks like phone numbers.*mapping=\{"phone":"Kontakt"\}/],
  ])('of %j is refused with what to do', (cells, rows, message) => {
    const fault = { code: 'csv_without_phone_column', fields: [{ field: 'file', message: expect.stringMatching(message) }] };
    expect(() => columnsOf(cells, {}, rows)).toThrow(expect.objectContaining(fault));
  });

  it('must have the columns that the caller names, and not too many', () => {
    const absent = {
      code: 'invalid_body',
      fields: [{ field: 'mapping.phone', message: expect.stringContaining('the columns are "phone"') }],
    };
    expect(() => columnsOf(['phone'], { phone: 'nowhere' })).toThrow(expect.objectContaining(absent));
    expect(() => columnsOf(Array.from({ length: 257 }, () => 'phone'))).toThrow(expect.objectContaining({ code: 'csv_unreadable' }));
  });
});

describe('a row', () => {
  it.each([
    ['+1 (415) 555-0132', 'US', '+14155550132'],
    ['415-555-0132', 'US', '+14155550132'],
    ['14155550132', 'US', '+14155550132'],
    ['="+14155550132"', 'US', '+14155550132'],
    ["'+14155550132", 'US', '+14155550132'],
    ['030 901820', 'DE', '+4930901820'],
    ['+33 1 42 68 53 00', 'US', '+33142685300'],
    ['0033142685300', 'DE', '+33142685300'],
  ])('with the number %s of region %s calls %s', (phone, region, phoneE164) => {
    expect(row(phone, region)).toMatchObject({ ok: true, phoneE164, variables: { Name: 'Ann', city: 'Oslo' } });
  });

  it.each([
    ['', /missing/],
    ['soon', /"soon" is not a valid phone number of region US/],
    ['123', /not a valid phone number/],
    ['1.4155550132E+10', /rounded by a spreadsheet/],
    ['+14155550132 ext. 5', /extension/],
    ['call +14155550132', /./],
  ])('with the number %j is refused', (phone, reason) => {
    expect(row(phone)).toMatchObject({ ok: false, line: 7, column: 'Phone', reason: expect.stringMatching(reason) });
  });

  it('keeps what was uploaded when it is refused', () => {
    expect(row('soon')).toMatchObject({
      row: [
        ['Name', 'Ann'],
        ['Phone', 'soon'],
        ['city', ' Oslo '],
      ],
    });
  });

  it('may lack its last cells, but not have too many', () => {
    expect(readRow(['Ann', '+14155550132'])).toMatchObject({ ok: true, variables: { city: '' } });
    const many = readRow(['Smith', 'Ann', '+14155550132', 'Oslo']);
    expect(many).toMatchObject({ ok: false, column: 'column 4', reason: expect.stringContaining('4 cells') });
  });

  it('is refused when a cell is unreadable or endless', () => {
    expect(readRow(['J\uFFFDrg', '+14155550132'])).toMatchObject({ ok: false, column: 'Name' });
    expect(readRow(['x'.repeat(8_001), '+14155550132'])).toMatchObject({ ok: false, column: 'Name' });
  });

  it('gives prompts no control characters, and any text as it is', () => {
    expect(readRow(['Ann\u0007\nLee', '+14155550132'])).toMatchObject({ variables: { Name: 'Ann Lee' } });
    const odd = 'a "quoted" \\ back\tslash, é 😀 \u2028';
    expect(readRow([odd, '+14155550132'])).toMatchObject({ variables: { Name: odd.replace('\t', ' ').trim() } });
  });

  it('from a repaired errors file leaves the added columns out', () => {
    const repaired = columnsOf(['phone', 'name', 'error_line', 'error_column', 'error_reason']);
    expect(readRow(["'+14155550132", "'=Ann", '7', 'phone', 'bad'], repaired)).toMatchObject({
      ...{ ok: true, phoneE164: '+14155550132', variables: { name: '=Ann' } },
    });
  });
});

describe('where and on what ground a contact may be called', () => {
  const facts = columnsOf(['phone', 'tz', 'state', 'consent']);
  const bucket = (...cells: string[]) => readRow(['+13055550132', ...cells], facts);

  it('is told by the number when the row says nothing', () => {
    expect(bucket()).toMatchObject({ bucketKey: 'US|FL|America/New_York|' });
  });

  it('is told by the cells before the number', () => {
    expect(bucket('america/chicago', '', 'yes')).toMatchObject({ bucketKey: 'US|FL|America/Chicago|express' });
    expect(bucket('', '', 'Express Written')).toMatchObject({ bucketKey: 'US|FL|America/New_York|express_written' });
  });

  it('suits both states when the person lives in another one than the number', () => {
    expect(bucket('', 'California')).toMatchObject({ bucketKey: 'US|CA,FL|America/Los_Angeles,America/New_York|' });
    expect(bucket('', 'us-fl')).toMatchObject({ bucketKey: 'US|FL|America/New_York|' });
    expect(bucket('America/Denver', 'co')).toMatchObject({ bucketKey: 'US|CO,FL|America/Denver|' });
  });

  it('tells the region of a contact in China or Germany, for their policies ask for it', () => {
    const [cn, de] = [columnsOf(['电话', '省份']), columnsOf(['Telefon', 'Bundesland'])];
    expect(readRow(['13812345678', 'CN-31'], cn, 'CN')).toMatchObject({ bucketKey: 'CN|31|Asia/Shanghai|' });
    expect(readRow(['13812345678', '广东省'], cn, 'CN')).toMatchObject({ bucketKey: 'CN|GD|Asia/Shanghai|', regionNotRead: false });
    expect(readRow(['13812345678', '华东'], cn, 'CN')).toMatchObject({ bucketKey: 'CN||Asia/Shanghai|', regionNotRead: true });
    expect(readRow(['030 901820', 'DE-BY'], de, 'DE')).toMatchObject({ bucketKey: 'DE|BY|Europe/Berlin|' });
    const named = columnsOf(['phone', 'where'], { region: 'where' });
    expect(readRow(['13812345678', 'US-CA'], named, 'CN')).toMatchObject({ ok: false, reason: expect.stringContaining('no region of CN') });
  });

  it.each([
    ['EST', /write America\/New_York/],
    ['Eastern Standard Time', /write America\/New_York/],
    ['Berlin', /write Europe\/Berlin/],
    ['America/Gotham', /IANA zone such as/],
  ])('is not guessed: the time zone %j is refused with the one to write', (zone, fix) => {
    expect(bucket(zone)).toMatchObject({ ok: false, column: 'tz', reason: expect.stringMatching(fix) });
  });

  it('is not guessed: what is no consent is refused', () => {
    expect(bucket('', '', 'maybe')).toMatchObject({ ok: false, column: 'consent', reason: expect.stringContaining('express_written') });
  });

  it('passes over a column that is only called "state", but not over one that the caller named', () => {
    expect(bucket('', 'open')).toMatchObject({ bucketKey: 'US|FL|America/New_York|' });
    const named = columnsOf(['phone', 'where'], { region: 'where' });
    expect(readRow(['+13055550132', 'open'], named)).toMatchObject({
      ok: false,
      column: 'where',
      reason: expect.stringContaining('two letters'),
    });
    expect(readRow(['+4930901820', 'Berlin'], named)).toMatchObject({ ok: true, variables: { where: 'Berlin' } });
  });
});

describe('a cell of our own CSV files', () => {
  it.each([
    ['plain', 'plain'],
    ['a,"b"', '"a,""b"""'],
    ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
    ['+14155550100', "'+14155550100"],
    ['-1', "'-1"],
    ['@sum', "'@sum"],
  ])('is never a formula: %s', (value, written) => {
    expect(csvCell(value)).toBe(written);
  });

  it('comes back as it was', () => {
    expect(restoreCell("'=1+1")).toBe('=1+1');
    expect(restoreCell("'tis")).toBe("'tis");
  });
});
