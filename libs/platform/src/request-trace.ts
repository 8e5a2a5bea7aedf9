import { context, propagation, ROOT_CONTEXT, SpanKind, trace, type Tracer } from '@opentelemetry/api';
import type { Middleware } from './express-types.js';

// What services need of the API, so that they hang on one version of it.
export { context, trace, type Tracer } from '@opentelemetry/api';

/**
 * Gives each request a trace of its own, or the caller's. The HTTP instrumentation does that where spans are recorded; here it is done where
 * they are not, so that an id still leads from the request through its calls.
 */
export function traceRequests(tracer: Tracer): Middleware {
  return (request, _response, next) => {
    if (trace.getActiveSpan()) return next();
    const parent = propagation.extract(ROOT_CONTEXT, request.headers);
    const span = tracer.startSpan(request.method, { kind: SpanKind.SERVER }, parent);
    span.end();
    context.with(trace.setSpan(parent, span), next);
  };
}

/** The W3C traceparent of what runs now; undefined outside of any trace. */
export function currentTraceparent(): string | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}

/** Runs `work` as a child of a stored traceparent; a fresh trace when there is none. */
export function withTraceparent<Result>(traceparent: string | null | undefined, work: () => Result): Result {
  const parent = propagation.extract(ROOT_CONTEXT, traceparent ? { traceparent } : {});
  return context.with(parent, work);
}
