import { CarillonError } from '@carillon/contracts';

/** What was looked for, or `not_found` with its name. */
export function found<Thing>(thing: Thing | null, name: string): Thing {
  if (thing !== null) return thing;
  throw new CarillonError('not_found', [{ field: 'id', message: `There is no ${name} with this id` }]);
}
