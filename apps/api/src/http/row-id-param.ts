import { CarillonError } from '@carillon/contracts';
import { Param } from '@nestjs/common';

/** An id that is a count, as text: of a contact, of an entry. What is none names nothing: 404. */
export const RowIdParam = (name = 'id') => Param(name, { transform: (value: string) => existingId(value) });

function existingId(value: string): string {
  if (/^\d{1,18}$/.test(value)) return value;
  throw new CarillonError('not_found', [{ field: 'id', message: `"${value.slice(0, 40)}" is not an id` }]);
}
