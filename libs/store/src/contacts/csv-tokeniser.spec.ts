import fc from 'fast-check';
import Papa from 'papaparse';
import { CsvTokeniser, type CsvRecord } from './csv-tokeniser.js';

const read = (pieces: string[], delimiter = ','): CsvRecord[] => {
  const tokeniser = new CsvTokeniser(delimiter);
  return [...pieces.flatMap((piece) => tokeniser.push(piece)), ...tokeniser.end()];
};

describe('the CSV tokeniser', () => {
  it('cuts lines into cells and numbers them', () => {
    expect(read(['a,b\n1,2\n3,4'])).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1', '2'] },
      { line: 3, cells: ['3', '4'] },
    ]);
  });

  it('takes the line ends of all systems', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      expect(read([['a', '', 'b', 'c', ''].join(end)])).toEqual([
        { line: 1, cells: ['a'] },
        { line: 3, cells: ['b'] },
        { line: 4, cells: ['c'] },
      ]);
    }
  });

  it('keeps delimiters, quotes and line ends within quotes, and still counts the lines', () => {
    expect(read(['"a, ""b""\r\nsecond",c\r\nd,e\r\n'])).toEqual([
      { line: 1, cells: ['a, "b"\r\nsecond', 'c'] },
      { line: 3, cells: ['d', 'e'] },
    ]);
  });

  it('takes a quote within a cell as a character', () => {
    expect(read(['5" pipe,x\n'])).toEqual([{ line: 1, cells: ['5" pipe', 'x'] }]);
  });

  it('leaves out lines without content, also those with delimiters alone', () => {
    expect(read(['a,b\n,\n  \n1,2\n'])).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 4, cells: ['1', '2'] },
    ]);
  });

  it('says where the quote is that nobody closes', () => {
    const fault = { code: 'csv_unreadable', fields: [{ field: 'file', message: expect.stringContaining('line 2') }] };
    expect(() => read(['a,b\n1,"2\n3,4\n'])).toThrow(expect.objectContaining(fault));
    expect(() => read([`a,b\n1,"${'x'.repeat(1_000_001)}`])).toThrow(expect.objectContaining({ code: 'csv_unreadable' }));
  });

  it('gives back every table that was written as CSV, wherever the bytes are cut', () => {
    const table = fc.array(fc.tuple(fc.string(), fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', '\r', 'é', '😀', 'x') })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(table, fc.constantFrom(',', ';', '\t'), fc.array(fc.nat(60)), (rows, delimiter, cuts) => {
        const text = Papa.unparse(rows, { delimiter, quotes: true });
        const kept = rows.filter((row) => row.some((cell) => cell.trim() !== ''));
        expect(read(cutUp(text, cuts), delimiter).map(({ cells }) => cells)).toEqual(kept);
      }),
    );
  });
});

function cutUp(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = [];
  let rest = [...text];
  for (const length of lengths) {
    pieces.push(rest.slice(0, length).join(''));
    rest = rest.slice(length);
  }
  return [...pieces, rest.join('')];
}
