import { CarillonError, type FieldError } from '@carillon/contracts';
import { StandardSchemaValidationPipe } from '@nestjs/common';

interface Issue {
  message: string;
  path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined;
}

/** Enough to mend a request by; a body of a thousand faults needs no thousand lines. */
const MAX_FIELDS = 50;

/** Checks bodies and queries against the schema beside them, and names each field that cannot be used. */
export function createSchemaPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues: readonly Issue[]) => new CarillonError('invalid_body', issues.slice(0, MAX_FIELDS).map(fieldError)),
  });
}

function fieldError({ path, message }: Issue): FieldError {
  const field = (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.') || 'body';
  return { field, message: inPlainWords(message) };
}

/** zod says of a field that is not there that it is of the wrong type. */
function inPlainWords(message: string): string {
  const missing = /^Invalid input: expected (.+), received undefined$/.exec(message)?.[1];
  return missing === undefined ? message : `is missing: expected ${missing}`;
}
