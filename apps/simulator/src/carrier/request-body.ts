import type { IncomingMessage } from 'node:http';
import { AcsError } from './acs-error.js';

const MAX_BODY_BYTES = 1024 * 1024;

/** Reads a whole request body. Throws a 413 {@link AcsError} when it is too long. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // the connection stays, so that the refusal can be read
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BODY_BYTES) throw new AcsError(413, '8523', 'The body is larger than a megabyte.', { connection: 'close' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
