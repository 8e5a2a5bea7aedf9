import { CarillonError, errorCatalogue, RefusedError, type ErrorBody, type ErrorCode, type FieldError } from '@carillon/contracts';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ZodError } from 'zod';
import type { ExpressRequest, ExpressResponse } from './express-types.js';
import type { Logger } from './logger.js';

/** The one place where an error becomes an HTTP status and a body. What is not meant for callers is logged and becomes `internal`. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<ExpressResponse>();
    const known = toCarillonError(error);
    if (known.code === 'internal') this.log.error({ err: error, method: http.getRequest<ExpressRequest>().method }, 'a request failed');
    // A body that has begun, a CSV or an event stream, cannot turn into an error any more.
    if (response.headersSent) return void response.destroy();
    if (known.retryAfterMs !== null) response.setHeader('retry-after', String(Math.ceil(known.retryAfterMs / 1_000)));
    response.status(known.status).json(errorBody(known));
  }
}

export function errorBody(error: CarillonError): ErrorBody {
  const { code, message, fields, retryable } = error;
  const details = fields.map(({ field, message: what }) => `${field}: ${what}`);
  const refusal = error instanceof RefusedError ? error.refusal : {};
  return { error: { code, message, details, fields: [...fields], retryable, ...refusal } };
}

export function toCarillonError(error: unknown): CarillonError {
  if (error instanceof CarillonError) return error;
  if (error instanceof ZodError) return new CarillonError('invalid_body', fieldsOf(error), { cause: error });
  const code = codeOfBodyParser(error) ?? (error instanceof HttpException ? codeOfStatus(error.getStatus()) : 'internal');
  return new CarillonError(code, [], { cause: error });
}

function fieldsOf({ issues }: ZodError): FieldError[] {
  return issues.map(({ path, message }) => ({ field: path.map(String).join('.') || 'body', message }));
}

const BODY_PARSER_CODES: Record<string, ErrorCode> = {
  'entity.parse.failed': 'invalid_json',
  'entity.too.large': 'body_too_large',
  'encoding.unsupported': 'unsupported_media_type',
  'charset.unsupported': 'unsupported_media_type',
  'request.aborted': 'invalid_json',
  'request.size.invalid': 'invalid_json',
};

/** Express's body parser marks its errors with a `type`; Nest wraps some of them and keeps the original as `cause`. */
function codeOfBodyParser(error: unknown): ErrorCode | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('type' in error && typeof error.type === 'string') return BODY_PARSER_CODES[error.type];
  return 'cause' in error ? codeOfBodyParser(error.cause) : undefined;
}

/** Nest's own exceptions: an unknown route, a body that its pipes refuse. */
function codeOfStatus(status: number): ErrorCode {
  if (status === 400 || status === 422) return 'invalid_body';
  const codes = Object.entries(errorCatalogue) as [ErrorCode, { status: number }][];
  return codes.find(([, entry]) => entry.status === status)?.[0] ?? (status < 500 ? 'not_found' : 'internal');
}
