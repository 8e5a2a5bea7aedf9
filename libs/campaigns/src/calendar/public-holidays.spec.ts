import { isPublicHoliday } from './public-holidays.js';

it('The national holiday of France is one in all of it', () => {
  expect(isPublicHoliday('2026-07-14', 'FR', null)).toBe(true);
  expect(isPublicHoliday('2026-07-15', 'FR', null)).toBe(false);
});

it('Corpus Christi is a holiday in Bavaria and none in Berlin, and counts where nobody knows the state', () => {
  expect(isPublicHoliday('2026-06-04', 'DE', ['BY'])).toBe(true);
  expect(isPublicHoliday('2026-06-04', 'DE', ['BE'])).toBe(false);
  expect(isPublicHoliday('2026-06-04', 'DE', ['BE', 'BY'])).toBe(true);
  expect(isPublicHoliday('2026-06-04', 'DE', null)).toBe(true);
  expect(isPublicHoliday('2026-06-04', 'DE', ['somewhere'])).toBe(true);
});

it('Mardi Gras is a holiday in Louisiana', () => {
  expect(isPublicHoliday('2026-02-17', 'US', ['LA'])).toBe(true);
  expect(isPublicHoliday('2026-02-17', 'US', ['AL'])).toBe(false);
});

it('A substitute day counts as well as the day itself', () => {
  expect(isPublicHoliday('2026-07-03', 'US', ['PA'])).toBe(true);
  expect(isPublicHoliday('2026-07-04', 'US', ['PA'])).toBe(true);
});
