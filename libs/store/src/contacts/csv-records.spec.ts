import fc from 'fast-check';
import Papa from 'papaparse';
import { csvRecords, type CsvRecord } from './csv-records.js';
import { RecordCutter } from './record-cutter.js';

/** As an upload is read: the bytes arrive in pieces, are cut into blocks, and each block is read for itself. */
function readPieces(pieces: readonly Uint8Array[], delimiter = ',', blockBytes = 1): CsvRecord[] {
  const cutter = new RecordCutter(delimiter);
  const blocks = [...pieces.map((piece) => cutter.push(piece, blockBytes)), cutter.end()];
  return blocks.flatMap((block) => (block ? [...csvRecords(Buffer.from(block.bytes).toString(), delimiter, block.line)] : []));
}

const read = (text: string, delimiter = ',') => readPieces([Buffer.from(text)], delimiter);

describe('a CSV file', () => {
  it('is cut into cells, and its records are numbered by their lines', () => {
    expect(read('a,b\n1,2\n3,4')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1', '2'] },
      { line: 3, cells: ['3', '4'] },
    ]);
  });

  it('may have the line ends of any system', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      expect(read(['a', '', 'b', 'c', ''].join(end))).toEqual([
        { line: 1, cells: ['a'] },
        { line: 3, cells: ['b'] },
        { line: 4, cells: ['c'] },
      ]);
    }
  });

  it('keeps delimiters, quotes and line ends within quotes, and still counts the lines', () => {
    expect(read('"a, ""b""\r\nsecond",c\r\nd,e\r\n')).toEqual([
      { line: 1, cells: ['a, "b"\r\nsecond', 'c'] },
      { line: 3, cells: ['d', 'e'] },
    ]);
  });

  it.each([
    ['5" pipe,x\n', ['5" pipe', 'x']],
    ['"a"b,c\n', ['ab', 'c']],
    ['"a"b"c,d\n', ['ab"c', 'd']],
    ['"",""\n', ['', '']],
    ['a,"b",\n', ['a', 'b', '']],
    ['a,"b,', ['a', 'b,']],
  ])('of the odd record %j is read as a spreadsheet does', (text, cells) => {
    const records = [...csvRecords(text, ',')].map((record) => record.cells);
    expect(records).toEqual(cells.some((cell) => cell !== '') ? [cells] : []);
  });

  it('may hold lines without content, also those with delimiters alone', () => {
    expect(read('a,b\n,\n  \n1,2\n')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 4, cells: ['1', '2'] },
    ]);
  });

  it('that nobody closes is refused with its line', () => {
    const fault = (line: number) => ({
      code: 'csv_unreadable',
      fields: [{ field: 'file', message: expect.stringContaining(`line ${line} `) }],
    });
    expect(() => read('a,b\n1,"2\n3,4\n')).toThrow(expect.objectContaining(fault(2)));
    expect(() => read(`a,b\n1,2\n3,"${'x'.repeat(1_100_000)}`)).toThrow(expect.objectContaining(fault(3)));
  });

  const cell = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', '\r', 'é', '😀', 'x', ' ') }));
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 });
  const delimiters = fc.constantFrom(',', ';', '\t', '|');
  const cuts = fc.array(fc.nat(9), { maxLength: 200 });

  it('gives back every table that was written, wherever its bytes are cut', () => {
    fc.assert(
      fc.property(table, delimiters, cuts, fc.constantFrom('\n', '\r\n'), (rows, delimiter, lengths, newline) => {
        const bytes = Buffer.from(Papa.unparse(rows, { delimiter, newline, quotes: true }));
        const kept = rows.filter((row) => row.some((value) => value.trim() !== ''));
        expect(readPieces(cutUp(bytes, lengths), delimiter).map(({ cells }) => cells)).toEqual(kept);
      }),
    );
  });

  it('is read like papaparse reads it, where both have an answer', () => {
    const text = fc
      .array(fc.constantFrom('"a"', '"b""c"', 'x', '', '5', '"d\ne"', '"f,g"', 'é'), { minLength: 1 })
      .chain((cells) =>
        fc
          .array(fc.constantFrom(',', '\n'), { minLength: cells.length, maxLength: cells.length })
          .map((ends) => cells.map((one, at) => one + (ends[at] ?? '')).join('')),
      );
    fc.assert(
      fc.property(text, cuts, (csv, lengths) => {
        const { data } = Papa.parse<string[]>(csv, { delimiter: ',', newline: '\n', skipEmptyLines: 'greedy' });
        expect(readPieces(cutUp(Buffer.from(csv), lengths)).map(({ cells }) => cells)).toEqual(data);
      }),
    );
  });

  it('numbers its records the same, however it is cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', '\r\n') }), cuts, (csv, lengths) => {
        const closed = csv.replaceAll('"', '') + '\n"q\r\nr",s\n';
        expect(readPieces(cutUp(Buffer.from(closed), lengths))).toEqual([...csvRecords(closed, ',')]);
      }),
    );
  });
});

function cutUp(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const length of lengths) {
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return [...pieces, bytes.subarray(at)];
}
