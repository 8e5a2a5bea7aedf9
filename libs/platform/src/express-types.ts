import type { IncomingMessage, ServerResponse } from 'node:http';

// What we use of express, which ships no types of its own.

export interface ExpressRequest extends IncomingMessage {
  method: string;
  path: string;
  /** The route that matched, set while its handler runs. */
  route?: { path: unknown } | undefined;
}

export interface ExpressResponse extends ServerResponse {
  status(code: number): ExpressResponse;
  json(body: object): ExpressResponse;
}

export type Middleware = (request: ExpressRequest, response: ExpressResponse, next: () => void) => void;
