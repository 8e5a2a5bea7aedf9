import { readContactColumns } from './contact-columns.js';
import { readContactRow } from './contact-row.js';
import { csvCell, restoreCell } from './csv-cell.js';

const columns = readContactColumns({ line: 1, cells: ['Name', 'Phone', 'city'] });
const row = (phone: string, region = 'US') => readContactRow({ line: 7, cells: ['Ann', phone, ' Oslo '] }, columns, region);

describe('the header', () => {
  it.each([
    [['id', 'Phone Number'], 1],
    [['number', 'mobile'], 1],
    [['Téléphone', 'nom'], 0],
    [['name', 'E-164'], 1],
    [['电话', '姓名'], 0],
    [['TEL.', 'Name'], 0],
  ])('of %j has the number in column %i', (cells, phoneIndex) => {
    expect(readContactColumns({ line: 1, cells })).toMatchObject({ phoneIndex });
  });

  it('gives every column a name of its own', () => {
    expect(readContactColumns({ line: 1, cells: ['phone', 'name', '', 'name', '', ''] }).names).toEqual([
      'phone',
      'name',
      'column_3',
      'name_2',
    ]);
  });

  it.each([
    [['name', 'city'], /columns are "name", "city".*"phone_number"/],
    [['Ann', '+14155550132'], /add a header row/],
  ])('of %j is refused with what to do', (cells, message) => {
    const fault = { code: 'csv_without_phone_column', fields: [{ field: 'file', message: expect.stringMatching(message) }] };
    expect(() => readContactColumns({ line: 1, cells })).toThrow(expect.objectContaining(fault));
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
    expect(row(phone, region)).toEqual({ ok: true, phoneE164, variables: { Name: 'Ann', city: 'Oslo' } });
  });

  it.each([
    ['', /missing/],
    ['soon', /"soon" is not a valid phone number of region US/],
    ['123', /not a valid phone number/],
    ['1.4155550132E+10', /rounded by a spreadsheet/],
    ['+14155550132 ext. 5', /extension/],
    ['call +14155550132', /not a valid phone number/],
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
    expect(readContactRow({ line: 2, cells: ['Ann', '+14155550132'] }, columns, 'US')).toMatchObject({ ok: true, variables: { city: '' } });
    const many = readContactRow({ line: 2, cells: ['Smith', 'Ann', '+14155550132', 'Oslo'] }, columns, 'US');
    expect(many).toMatchObject({ ok: false, column: 'column 4', reason: expect.stringContaining('4 cells') });
  });

  it('is refused when a cell is unreadable or endless', () => {
    expect(readContactRow({ line: 2, cells: ['J\uFFFDrg', '+14155550132'] }, columns, 'US')).toMatchObject({ ok: false, column: 'Name' });
    expect(readContactRow({ line: 2, cells: ['x'.repeat(8_001), '+14155550132'] }, columns, 'US')).toMatchObject({
      ok: false,
      column: 'Name',
    });
  });

  it('gives prompts no control characters', () => {
    const odd = readContactRow({ line: 2, cells: ['Ann\u0007\nLee', '+14155550132'] }, columns, 'US');
    expect(odd).toMatchObject({ variables: { Name: 'Ann Lee' } });
  });

  it('from a repaired errors file leaves the added columns out', () => {
    const repaired = readContactColumns({ line: 1, cells: ['phone', 'name', 'error_line', 'error_column', 'error_reason'] });
    const read = readContactRow({ line: 2, cells: ["'+14155550132", "'=Ann", '7', 'phone', 'bad'] }, repaired, 'US');
    expect(read).toEqual({ ok: true, phoneE164: '+14155550132', variables: { name: '=Ann' } });
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
