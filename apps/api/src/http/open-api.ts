import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

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
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'openapi.json', raw: ['json'] });
}
