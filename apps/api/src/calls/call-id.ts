import { createHash, randomUUID } from 'node:crypto';
import { CarillonError, type CallRequest } from '@carillon/contracts';

/** As other APIs have it; a UUID has 36. */
const MAX_KEY_LENGTH = 255;

/**
 * The id of the call that a request asks for. Under an idempotency key it is always the same, so that the primary key of the ledger makes one call of two
 * requests, for as long as the ledger lasts.
 */
export function callIdOf(tenantId: string, key: string | undefined): string {
  if (key === undefined) return randomUUID();
  if (key.length === 0 || key.length > MAX_KEY_LENGTH) {
    throw new CarillonError('invalid_body', [{ field: 'Idempotency-Key', message: `must have 1 to ${MAX_KEY_LENGTH} characters` }]);
  }
  const hash = createHash('sha256')
    .update(JSON.stringify([tenantId, key]))
    .digest();
  // Version 8, variant 1 of RFC 9562: an id of one's own making.
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Tells two requests apart. The schema gives every request the same order of keys. */
export function fingerprintOf(request: CallRequest): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}
