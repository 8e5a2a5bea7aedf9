import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiExtension, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';

/** Carries the schema of the form to `describeForms`: the decorators know one schema for all content types of a body. */
const FORM = 'x-form';
const MULTIPART = 'multipart/form-data';

interface CsvUpload {
  /** What the query says may as well be said by fields of the form. */
  fields: z.ZodType<object>;
  /** A file. */
  example: string;
}

/** Describes a body that is a CSV file, or a form with one. */
export const CsvBody = ({ fields, example }: CsvUpload) =>
  applyDecorators(
    ApiConsumes('text/csv', MULTIPART),
    ApiBody({
      description: 'A CSV file with a header, as the body or as the field "file" of a form; its other fields come before it',
      schema: { type: 'string', format: 'binary', example },
    }),
    ApiExtension(FORM, formSchema(fields)),
  );

function formSchema(fields: CsvUpload['fields']): object {
  const { $schema: _, properties, ...schema } = z.toJSONSchema(fields, { target: 'openapi-3.0', io: 'input' });
  const file = { type: 'string', format: 'binary', description: 'The last field of the form' };
  return { ...schema, type: 'object', properties: { ...properties, file }, required: ['file'] };
}

/** Gives each form the schema of its own. */
export function describeForms({ paths }: OpenAPIObject): void {
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path) as Record<string, unknown>[])) {
    const { [FORM]: schema, requestBody } = operation as { [FORM]?: object; requestBody?: { content: Record<string, object> } };
    if (!schema || !requestBody) continue;
    requestBody.content[MULTIPART] = { schema };
    Reflect.deleteProperty(operation, FORM); // it is no part of the standard
  }
}
