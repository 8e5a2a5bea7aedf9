import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { errorCatalogue, type ErrorBody } from '@carillon/contracts';
import type { ServiceContext } from './run-service.js';

type OpsContext = Pick<ServiceContext, 'health' | 'metrics' | 'log'>;

/**
 * Answers `/health/live`, `/health/ready` and `/metrics`, the same on every service and open to everyone inside; false when the request is for
 * something else.
 */
export function answerOps(context: OpsContext, request: IncomingMessage, response: ServerResponse): boolean {
  const answer = routes[(request.url ?? '').split('?', 1)[0] ?? ''];
  if (!answer || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
  answer(context, response).catch((error: unknown) => {
    context.log.error({ err: error }, 'a health or metrics request failed');
    response.destroy();
  });
  return true;
}

const routes: Record<string, ((context: OpsContext, response: ServerResponse) => Promise<void>) | undefined> = {
  '/health/live': async ({ health }, response) => sendJson(response, 200, health.live()),
  '/health/ready': async ({ health }, response) => {
    const report = await health.readiness();
    sendJson(response, report.status === 'ok' ? 200 : 503, report);
  },
  '/metrics': async ({ metrics }, response) => {
    const text = await metrics.metrics();
    response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
  },
};

export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

/** Health and metrics for a process without REST. */
export function createOpsServer(context: OpsContext): Server {
  return createServer((request, response) => {
    if (!answerOps(context, request, response)) sendJson(response, 404, NOT_FOUND);
  });
}

const { message, retryable } = errorCatalogue.not_found;
const NOT_FOUND: ErrorBody = { error: { code: 'not_found', message, details: [], fields: [], retryable } };
