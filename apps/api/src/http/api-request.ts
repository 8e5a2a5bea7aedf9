import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiIdentity } from '@carillon/store';

// What we use of express, which ships no types of its own.

export interface ApiRequest extends IncomingMessage {
  method: string;
  /** Set by the guard. */
  identity?: ApiIdentity;
}

export type ApiResponse = ServerResponse;
