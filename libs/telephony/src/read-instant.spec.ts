import fc from 'fast-check';
import { readInstant } from './read-instant.js';

const read = (text: string) => readInstant(Buffer.from(text), 0);

describe('the time of an audio message', () => {
  it('is read as Date reads it', () => {
    const dates = fc.date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2199-12-31T23:59:59Z'), noInvalidDate: true });
    fc.assert(fc.property(dates, (date) => expect(read(date.toISOString())).toBe(date.getTime())));
  });

  it('is read with any number of digits behind the second', () => {
    const second = Date.parse('2026-11-20T10:00:07Z');
    expect(read('2026-11-20T10:00:07Z')).toBe(second);
    expect(read('2026-11-20T10:00:07.5Z')).toBe(second + 500);
    expect(read('2026-11-20T10:00:07.1239999+00:00')).toBe(second + 123);
  });

  it('is not guessed', () => {
    for (const text of ['', '12345', 'Fri, 20 Nov 2026', '2026-11-20', '2026-11-20T1x:00:00']) expect(read(text)).toBeNull();
  });
});
