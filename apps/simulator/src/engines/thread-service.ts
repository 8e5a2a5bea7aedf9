import { parentPort, workerData, type Transferable } from 'node:worker_threads';
import type { EnginePaths, ThreadMessage } from './engine-thread.js';

/** An answer whose buffers move to the other thread instead of being copied. */
export interface Moved {
  value: unknown;
  transfer: Transferable[];
}

export interface ThreadService<Message extends ThreadMessage> {
  /** The return value answers a request. What it throws rejects the request; without one, it ends the thread. */
  handle(message: Message): unknown;
  close?(): void;
}

function port() {
  if (!parentPort) throw new Error('this module runs in a worker thread only');
  return parentPort;
}

export function sendEvent<Event extends ThreadMessage>(event: Event): void {
  port().postMessage({ event });
}

export function moved(value: unknown, transfer: Transferable[]): Moved {
  return { value, transfer };
}

/** The other end of an `EngineThread`: opens the engines once, then answers its messages in order. */
export function serveThread<Message extends ThreadMessage>(open: (paths: EnginePaths) => ThreadService<Message>): void {
  const service = open(workerData as EnginePaths);
  port().on('message', (message: Message & { requestId?: number }) => {
    if (message.kind === 'close') {
      service.close?.();
      port().close();
    } else if (message.requestId === undefined) {
      service.handle(message);
    } else {
      answer(message.requestId, () => (message.kind === 'ready' ? undefined : service.handle(message)));
    }
  });
}

function answer(requestId: number, work: () => unknown): void {
  try {
    const result = work();
    if (isMoved(result)) port().postMessage({ requestId, value: result.value }, result.transfer);
    else port().postMessage({ requestId, value: result });
  } catch (error) {
    port().postMessage({ requestId, error: error instanceof Error ? error.message : String(error) });
  }
}

function isMoved(result: unknown): result is Moved {
  return typeof result === 'object' && result !== null && 'transfer' in result;
}
