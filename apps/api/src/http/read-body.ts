import type { IncomingMessage } from 'node:http';
import { CarillonError } from '@carillon/contracts';

/** Reads a whole body into memory; throws `body_too_large` as soon as it is longer than allowed. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of bodyOf(request)) {
    sizeBytes += piece.length;
    if (sizeBytes > maxBytes)
      throw new CarillonError('body_too_large', [{ field: 'body', message: `At most ${maxBytes} bytes are taken` }]);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** The pieces of a body. Stopping early leaves the connection open: the caller is to read our answer, and Node drops the rest. */
export function bodyOf(request: IncomingMessage): AsyncIterable<Buffer> {
  return { [Symbol.asyncIterator]: () => request.iterator({ destroyOnReturn: false }) as NodeJS.AsyncIterator<Buffer> };
}
