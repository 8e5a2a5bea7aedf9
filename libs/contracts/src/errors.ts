import { z } from 'zod';
import { refusalSchema, type Refusal } from './refusal.js';

/** Every error that crosses a process border: stable code, constant message, HTTP status. Data goes into `fields`. */
export const errorCatalogue = {
  invalid_body: { status: 422, message: 'The request has fields that cannot be used', retryable: false },
  invalid_json: { status: 400, message: 'The body is not JSON', retryable: false },
  body_too_large: { status: 413, message: 'The body is larger than this route takes', retryable: false },
  unsupported_media_type: { status: 415, message: 'This content type is not taken here', retryable: false },
  unauthenticated: { status: 401, message: 'A valid API key is needed: "Authorization: Bearer <key>"', retryable: false },
  forbidden: { status: 403, message: 'This key may not do that', retryable: false },
  not_found: { status: 404, message: 'There is no such thing', retryable: false },
  already_in_call: { status: 409, message: 'This number is in a call right now', retryable: true },
  already_exists: { status: 409, message: 'There is one already', retryable: false },
  stale_version: { status: 409, message: 'It was changed by someone else meanwhile', retryable: false },
  refused: { status: 409, message: 'This call may not be made now', retryable: false },
  wrong_contact_state: { status: 409, message: 'The contact is not in a state that allows this', retryable: false },
  idempotency_conflict: { status: 422, message: 'This idempotency key was used with another body', retryable: false },
  wrong_campaign_state: { status: 409, message: 'The campaign is not in a state that allows this', retryable: false },
  csv_unreadable: { status: 422, message: 'The file cannot be read as CSV', retryable: false },
  csv_without_phone_column: { status: 422, message: 'No column holds phone numbers', retryable: false },
  upload_stalled: { status: 408, message: 'The upload stood still and was given up', retryable: true },
  too_many_uploads: { status: 503, message: 'As many files are being read as can be at one time', retryable: true, retryAfterMs: 30_000 },
  bad_signature: { status: 401, message: 'The signature of the carrier is missing or wrong', retryable: false },
  dependency_unavailable: { status: 503, message: 'A service that is needed for this is not there right now', retryable: true },
  internal: { status: 500, message: 'Something went wrong here', retryable: true },
} as const;

export type ErrorCode = keyof typeof errorCatalogue;

const fieldErrorSchema = z.object({ field: z.string(), message: z.string() });
/** One field that cannot be used, and what to do about it. */
export type FieldError = z.infer<typeof fieldErrorSchema>;

/** The one error class that is meant for callers; everything else becomes `internal`. */
export class CarillonError extends Error {
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[];

  constructor(code: ErrorCode, fields: readonly FieldError[] = [], options?: ErrorOptions) {
    super(errorCatalogue[code].message, options);
    this.name = 'CarillonError';
    this.code = code;
    this.fields = fields;
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }

  get retryable(): boolean {
    return errorCatalogue[this.code].retryable;
  }

  /** After which a second try is worth it; null where nobody knows. */
  get retryAfterMs(): number | null {
    const entry = errorCatalogue[this.code];
    return 'retryAfterMs' in entry ? entry.retryAfterMs : null;
  }
}

/** The gate said no: who asks learns why, and when it would say yes. */
export class RefusedError extends CarillonError {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(
      'refused',
      refusal.reasons.map(({ code, message }) => ({ field: code, message })),
    );
    this.refusal = refusal;
  }
}

const errorCodes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]];

/** The body of every error answer; `message` and `details` are the reference peer's. A refused call has `reasons` as well. */
export const errorBodySchema = z.object({
  error: z.object({
    code: z.enum(errorCodes),
    message: z.string(),
    details: z.array(z.string()),
    fields: z.array(fieldErrorSchema),
    retryable: z.boolean(),
    ...refusalSchema.partial().shape,
  }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;
