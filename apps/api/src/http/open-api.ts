import { errorBodySchema } from '@carillon/contracts';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { ERROR_SCHEMA } from './answers.js';
import { describeForms } from './csv-body.js';

type SchemaObject = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

/** Serves the description of the API at `/openapi.json`, and for people at `/docs`. */
export function serveApiDocs(app: INestApplication): void {
  const description = new DocumentBuilder()
    .setTitle('Carillon')
    .setDescription(
      'Campaigns of phone calls held by voice agents. Errors have one shape: `{"error": {"code", "message", "details", "fields", "retryable"}}`.',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key' })
    .build();
  const document = SwaggerModule.createDocument(app, description);
  describeForms(document);
  const { $schema: _, ...errorSchema } = z.toJSONSchema(errorBodySchema, { target: 'openapi-3.0' });
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, [ERROR_SCHEMA]: errorSchema as SchemaObject },
  };
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'openapi.json', raw: ['json'] });
}
