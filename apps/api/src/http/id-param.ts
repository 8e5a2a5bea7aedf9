import { CarillonError } from '@carillon/contracts';
import { Param } from '@nestjs/common';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** An id of the path. What is no id names nothing: 404, as an id that nobody has. */
export const IdParam = (name = 'id') => Param(name, { transform: (value: string) => existingId(value) });

function existingId(value: string): string {
  if (isUuid(value)) return value.toLowerCase();
  throw new CarillonError('not_found', [{ field: 'id', message: `"${value.slice(0, 40)}" is not an id` }]);
}
