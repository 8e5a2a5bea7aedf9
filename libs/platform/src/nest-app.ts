import type { Server } from 'node:http';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ErrorFilter } from './error-filter.js';
import type { ExpressRequest, Middleware } from './express-types.js';
import { timeRequests } from './http-metrics.js';
import { baseUrl } from './listen.js';
import { nestLogger } from './nest-logger.js';
import { answerOps } from './ops-server.js';
import { traceRequests } from './request-trace.js';
import type { ServiceContext } from './run-service.js';

export interface NestAppOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Path prefixes under which no body is parsed: the handler reads the request as a stream. */
  rawBodyRoutes?: string[];
  /** Called before the port opens: for middleware and the API docs. */
  prepare?: (app: NestExpressApplication) => void | Promise<void>;
}

export interface NestApp {
  url: string;
  app: NestExpressApplication;
}

/** Largest JSON body, bytes. Campaigns hold long prompts; files go through raw routes. */
const JSON_LIMIT_BYTES = 1_048_576;
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b/i;

/** A Nest application over express with health, metrics, traces, the error filter and our logs. Controllers come with the module. */
export async function createNestApp(
  module: Type<unknown> | DynamicModule,
  context: ServiceContext,
  options: NestAppOptions = {},
): Promise<NestApp> {
  const { log, metrics, tracer, config } = context;
  const app = await NestFactory.create<NestExpressApplication>(module, {
    bodyParser: false,
    logger: nestLogger(log),
    abortOnError: false,
    // Else a browser's idle connection, or an event stream, would hold up the stop.
    forceCloseConnections: true,
  });
  app.disable('x-powered-by');
  const ops: Middleware = (request, response, next) => void (answerOps(context, request, response) || next());
  app.use(ops, traceRequests(tracer), timeRequests(metrics));
  app.useBodyParser('json', {
    limit: JSON_LIMIT_BYTES,
    strict: false,
    type: (request: ExpressRequest) => isParsedJson(request, options.rawBodyRoutes ?? []),
  });
  app.useGlobalFilters(new ErrorFilter(log));
  await options.prepare?.(app);
  await app.listen(options.port ?? 0, config.http.host);
  return { url: baseUrl(app.getHttpServer() as Server, config.http.host), app };
}

function isParsedJson(request: ExpressRequest, rawBodyRoutes: readonly string[]): boolean {
  if (rawBodyRoutes.some((prefix) => request.path.startsWith(prefix))) return false;
  return JSON_TYPE.test(request.headers['content-type'] ?? '');
}
