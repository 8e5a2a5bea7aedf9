import type { ApiRequest, ApiResponse } from '../http/api-request.js';

/** Keeps proxies from closing a quiet stream, and finds out about readers that are gone. */
const HEARTBEAT_MS = 15_000;
/** A reader that is this far behind is cut off; it comes back and goes on with what happens then. */
const MAX_BACKLOG_BYTES = 1_048_576;

export interface EventStream {
  /** Something that is written as JSON. */
  send(event: object): void;
}

/** The open event streams of this process, so that a stop can end them. */
export class EventStreams {
  readonly #open = new Set<ApiResponse>();

  get open(): number {
    return this.#open.size;
  }

  /** Turns the answer into an event stream. `closed` runs once, when either side ends it. */
  begin(request: ApiRequest, response: ApiResponse, closed: () => void): EventStream {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    response.write(': connected\n\n');
    this.#open.add(response);
    const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
    response.once('close', () => {
      clearInterval(heartbeat);
      this.#open.delete(response);
      closed();
    });
    request.resume();
    return {
      send(event) {
        if (response.writableLength > MAX_BACKLOG_BYTES) response.destroy();
        else response.write(`data: ${JSON.stringify(event)}\n\n`);
      },
    };
  }

  endAll(): void {
    for (const response of this.#open) response.end();
  }
}
