import { instantSchema } from './instant.js';

describe('an instant', () => {
  it.each(['2026-03-01T09:00:00+01:00', '2000-01-01T00:00:00Z', '2100-12-31T23:59:59Z'])('may be %s', (text) => {
    expect(instantSchema.safeParse(text).success).toBe(true);
  });

  it.each([
    ['0000-01-01T00:00:00Z', 'the years 2000 to 2100'],
    ['1999-12-31T23:59:59Z', 'the years 2000 to 2100'],
    ['2000-01-01T00:00:00+01:00', 'the years 2000 to 2100'],
    ['9999-12-31T23:59:59Z', 'the years 2000 to 2100'],
    ['2026-03-01T09:00:00', 'with its offset'],
    ['2026-02-30T09:00:00Z', 'with its offset'],
  ])('may not be %s', (text, message) => {
    expect(instantSchema.safeParse(text).error?.issues).toEqual([expect.objectContaining({ message: expect.stringContaining(message) })]);
  });
});
