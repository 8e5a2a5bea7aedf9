import { errorCatalogue, type ErrorCode } from '@carillon/contracts';
import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

/** Describes what a route answers when all is well: a schema of `@carillon/contracts`. */
export const ApiAnswer = (status: number, standardSchema: z.ZodType, description = '') =>
  ApiResponse({ status, standardSchema, description });

/** A route that answers with nothing but its status. */
export const ApiNothing = (description = 'Done') => ApiResponse({ status: 204, description });

/** Where the description keeps the shape of errors, once for all routes. */
export const ERROR_SCHEMA = 'Error';

/** What every route may answer to anybody. */
const ALWAYS: readonly ErrorCode[] = ['unauthenticated', 'forbidden', 'dependency_unavailable', 'internal'];

/** Describes the errors of a route, by their codes; those of every route come by themselves. */
export function ApiErrors(...codes: ErrorCode[]) {
  const all = [...new Set([...codes, ...ALWAYS])];
  const statuses = [...new Set(all.map((code) => errorCatalogue[code].status))];
  return applyDecorators(
    ...statuses.map((status) => {
      const those = all.filter((code) => errorCatalogue[code].status === status);
      const description = those.map((code) => `\`${code}\`: ${errorCatalogue[code].message}`).join('; ');
      // As JSON, whatever the route answers with when all is well.
      return ApiResponse({
        status,
        description,
        content: { 'application/json': { schema: { $ref: `#/components/schemas/${ERROR_SCHEMA}` } } },
      });
    }),
  );
}
