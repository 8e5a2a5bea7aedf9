import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { detectCsvFormat } from './csv-format.js';

describe('the format of an upload', () => {
  const german = 'phone;name\n+4930901820;Jörg Müller\n';

  it.each([
    ['utf-8', 'utf-8', {}],
    ['utf-8', 'utf-8', { addBOM: true }],
    ['utf-16le', 'utf-16le', { addBOM: true }],
    ['utf-16le', 'utf-16le', { addBOM: false }],
    ['utf-16be', 'utf-16be', { addBOM: true }],
    ['utf-16be', 'utf-16be', { addBOM: false }],
    ['win1252', 'latin1', {}],
  ])('is recognised as %s', (expected, encoding, options) => {
    expect(detectCsvFormat(iconv.encode(german, encoding, options))).toEqual({ encoding: expected, delimiter: ';' });
  });

  it.each(['gbk', 'gb18030'])('is recognised as Chinese: %s', (encoding) => {
    const text = '电话,姓名,城市\n13912345678,王小明,北京\n13812345678,李雷,上海\n';
    expect(detectCsvFormat(iconv.encode(text, encoding))).toEqual({ encoding: 'gb18030', delimiter: ',' });
    expect(detectCsvFormat(iconv.encode(text, 'utf-16le'))).toEqual({ encoding: 'utf-16le', delimiter: ',' });
  });

  it('is not taken for Chinese where accents stand alone', () => {
    const french = 'téléphone;prénom\n+33142685300;Zoé\n+33142685301;Noël\n+33142685302;Léa Théophile\n';
    expect(detectCsvFormat(iconv.encode(french, 'latin1')).encoding).toBe('win1252');
  });

  it.each([',', ';', '\t', '|'])('finds the delimiter %j', (delimiter) => {
    const lines = [
      ['phone', 'name', 'note'],
      ['+14155550100', 'Ann', 'likes tea'],
      ['+14155550101', 'Bob', 'x'],
    ];
    expect(detectCsvFormat(Buffer.from(lines.map((line) => line.join(delimiter)).join('\n'))).delimiter).toBe(delimiter);
  });

  it('takes a single column as it is', () => {
    expect(detectCsvFormat(Buffer.from('phone\n+14155550100\n')).delimiter).toBe(',');
  });

  it('does not mind a character that the end of the sample cuts in two', () => {
    expect(detectCsvFormat(Buffer.from('phone,name\n1,é').subarray(0, -1)).encoding).toBe('utf-8');
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'empty'],
    ['blank lines', Buffer.from(' \n\r\n'), 'empty'],
    ['gzip', gzipSync('phone\n1'), 'unpack it'],
    ['a workbook', Buffer.from('PK\u0003\u0004rest'), 'save the sheet as CSV'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 0, 1, 2, 3]), 'binary'],
    ['a PDF', Buffer.from('%PDF-1.7 …'), 'export the contacts'],
  ])('refuses %s and says what to do', (_what, bytes, fix) => {
    const fault = { code: 'csv_unreadable', fields: [{ field: 'file', message: expect.stringContaining(fix) }] };
    expect(() => detectCsvFormat(bytes)).toThrow(expect.objectContaining(fault));
  });
});
