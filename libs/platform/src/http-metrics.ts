import { Histogram, type Registry } from 'prom-client';
import type { ExpressRequest, Middleware } from './express-types.js';

const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** Times every request by route pattern, never by its path: paths hold ids and phone numbers. */
export function timeRequests(registry: Registry): Middleware {
  const seconds = new Histogram({
    name: 'carillon_http_request_seconds',
    help: 'Time to answer an HTTP request',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: BUCKETS_S,
    registers: [registry],
  });
  return (request, response, next) => {
    const stop = seconds.startTimer();
    response.once('finish', () => stop({ method: request.method, route: routePattern(request), status: String(response.statusCode) }));
    next();
  };
}

function routePattern({ route }: ExpressRequest): string {
  return typeof route?.path === 'string' ? route.path : 'none';
}
