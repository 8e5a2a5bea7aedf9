import { createRequire, syncBuiltinESMExports } from 'node:module';
import { hostname } from 'node:os';
import { trace, type Tracer } from '@opentelemetry/api';
import type { CarillonConfig } from './config/carillon-config.js';

export interface Telemetry {
  tracer: Tracer;
  /** Sends what is still buffered. */
  close(): Promise<void>;
}

/**
 * Sets up tracing for the process. Must run before `pg` is loaded by anything that is to be traced, which is why services are imported by
 * `runService`'s `start`. Without an endpoint nothing is recorded or sent, but trace ids are still made and passed on, so that log
 * lines of one call can be found by one id.
 */
export async function startTelemetry(service: string, options: CarillonConfig['telemetry']): Promise<Telemetry> {
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const sdk = new NodeSDK({
    ...(options.endpoint === '' ? await silent() : await recording(options)),
    // Logs and metrics do not go this way; left out, the SDK would take both from its own environment variables.
    logRecordProcessors: [],
    metricReaders: [],
    autoDetectResources: false,
    resource: resourceFromAttributes({ 'service.name': `carillon-${service}`, 'service.instance.id': `${hostname()}:${process.pid}` }),
  });
  sdk.start();
  patchLoadedBuiltins();
  return { tracer: trace.getTracer('carillon'), close: () => sdk.shutdown() };
}

/** Built-in modules are patched when something requires them, and ours are imported, some of them before this. */
function patchLoadedBuiltins(): void {
  const require = createRequire(import.meta.url);
  for (const name of ['node:http', 'node:https']) require(name);
  syncBuiltinESMExports();
}

async function silent() {
  const { AlwaysOffSampler, NoopSpanProcessor } = await import('@opentelemetry/sdk-trace');
  return { sampler: new AlwaysOffSampler(), spanProcessors: [new NoopSpanProcessor()] };
}

async function recording({ endpoint, sampleRatio }: CarillonConfig['telemetry']) {
  const { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler } = await import('@opentelemetry/sdk-trace');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  return {
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }) })],
    instrumentations: await instrumentations(),
  };
}

/** Health and metrics are asked for every few seconds by machines: no traces of those. */
const UNTRACED = /^\/(health\/|metrics)/;

async function instrumentations() {
  const { HttpInstrumentation } = await import('@opentelemetry/instrumentation-http');
  const { PgInstrumentation } = await import('@opentelemetry/instrumentation-pg');
  const { UndiciInstrumentation } = await import('@opentelemetry/instrumentation-undici');
  return [
    // Database and services are asked all the time, by clocks and heartbeats: only what belongs to a request, a job or a call is worth a span.
    new HttpInstrumentation({
      ignoreIncomingRequestHook: (request) => UNTRACED.test(request.url ?? ''),
      requireParentforOutgoingSpans: true,
      // Paths hold the secrets of callbacks and the numbers of people.
      requestHook: (span) => span.setAttributes({ 'http.url': '', 'http.target': '', 'url.path': '', 'url.query': '', 'url.full': '' }),
    }),
    new PgInstrumentation({ requireParentSpan: true }),
    new UndiciInstrumentation({ requireParentforSpans: true }),
  ];
}
