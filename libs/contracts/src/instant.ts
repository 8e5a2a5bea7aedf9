import { z } from 'zod';

const FIRST_YEAR = 2000;
const LAST_YEAR = 2100;

/** An instant with its offset. Years far away are typing errors, and beyond what the database and calendars can hold. */
export const instantSchema = z.iso
  .datetime({ offset: true, message: 'use an instant with its offset, such as 2026-03-01T09:00:00+01:00' })
  .refine((text) => isWithinReach(text), `must lie in the years ${FIRST_YEAR} to ${LAST_YEAR}`);

function isWithinReach(text: string): boolean {
  const year = new Date(text).getUTCFullYear();
  return year >= FIRST_YEAR && year <= LAST_YEAR;
}
