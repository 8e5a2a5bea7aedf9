import { trace } from '@opentelemetry/api';
import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino';
import type { CarillonConfig } from './config/carillon-config.js';

export type { Logger } from 'pino';

const STDERR = 2;

/** Names under which a secret could slip into a log line, at the top or one level down. */
const SECRET_FIELDS = ['authorization', 'password', 'secret', 'token', 'key', 'accesskey', 'connectionString', 'apiKey', 'cookie'];

/**
 * JSON lines on stderr, stdout being for results. Whatever stands under `pii` is left out unless LOG_PII is true, secrets always.
 * Lines written within a span carry its trace id.
 */
export function createLogger(
  service: string,
  options: CarillonConfig['log'],
  destination: DestinationStream = pino.destination(STDERR),
): Logger {
  return pino(
    {
      level: options.level,
      base: { service },
      messageKey: 'msg',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redactedPaths(options.pii), censor: (_value, path) => (path.includes('pii') ? '[pii]' : '[secret]') },
      serializers: { err: knownFieldsOf },
      mixin: traceFields,
    },
    destination,
  );
}

/** Libraries hang what they were doing on their errors: Redis commands with transcripts in them, rows with phone numbers. */
function knownFieldsOf(error: Error): object {
  const { type, message, stack } = stdSerializers.err(error);
  const code = 'code' in error ? { code: error.code } : {};
  return { type, message, stack, ...code };
}

function redactedPaths(keepPii: boolean): string[] {
  const secrets = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]);
  return keepPii ? secrets : [...secrets, 'pii', '*.pii'];
}

function traceFields(): object {
  const span = trace.getActiveSpan();
  return span ? { traceId: span.spanContext().traceId } : {};
}

export interface CallFields {
  tenantId: string;
  callId: string;
  campaignId?: string | null;
}

/** The logger of one call: every line says which call it is about. */
export function callLogger(log: Logger, { tenantId, callId, campaignId }: CallFields): Logger {
  return log.child(campaignId ? { tenantId, callId, campaignId } : { tenantId, callId });
}
