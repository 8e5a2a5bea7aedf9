import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Carrier, CarrierEvent } from '../carrier.js';

const DEADLINE_MS = 10_000;

type Wanted<Type extends CarrierEvent['type']> = Extract<CarrierEvent, { type: Type }>;

/** Stands where the api stands: takes the carrier's posts, checks them with the adapter and keeps the events by call. */
export interface CallbackInbox {
  /** The callback URL of one call. */
  urlOf(callId: string): string;
  events(callId: string): CarrierEvent[];
  /** The first event of the type, now or when it comes. */
  next<Type extends CarrierEvent['type']>(callId: string, type: Type): Promise<Wanted<Type>>;
  /** `Authorization` header of the last post. */
  lastAuthorization(): string | undefined;
  /** Answers of this status until further notice; nothing is kept while it is no success. */
  answerWith(status: number): void;
  close(): Promise<void>;
}

export async function openCallbackInbox(carrier: Pick<Carrier, 'verify' | 'parseCallback'>): Promise<CallbackInbox> {
  const eventsByCall = new Map<string, CarrierEvent[]>();
  const waiting = new Set<() => void>();
  let authorization: string | undefined;
  let status = 200;

  const take = async (request: IncomingMessage) => {
    const body = await textOf(request);
    authorization = request.headers.authorization;
    await carrier.verify(authorization);
    if (status !== 200) return;
    const callId = (request.url ?? '').slice(1);
    const events = carrier.parseCallback(/json/.test(request.headers['content-type'] ?? '') ? JSON.parse(body) : body);
    eventsByCall.set(callId, [...(eventsByCall.get(callId) ?? []), ...events]);
    waiting.forEach((check) => check());
  };
  const server = createServer((request, response) => {
    take(request).then(
      () => response.writeHead(status).end(),
      (error: unknown) => response.writeHead(401).end(String(error)),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const events = (callId: string) => eventsByCall.get(callId) ?? [];

  return {
    urlOf: (callId) => `http://127.0.0.1:${port}/${callId}`,
    events,
    next: (callId, type) =>
      new Promise((resolve, reject) => {
        const seen = () =>
          `${type} did not come; came: ${
            events(callId)
              .map((event) => event.type)
              .join(', ') || 'nothing'
          }`;
        const late = setTimeout(() => reject(new Error(seen())), DEADLINE_MS);
        late.unref();
        const check = () => {
          const event = events(callId).find((candidate): candidate is Wanted<typeof type> => candidate.type === type);
          if (!event) return;
          waiting.delete(check);
          clearTimeout(late);
          resolve(event);
        };
        waiting.add(check);
        check();
      }),
    lastAuthorization: () => authorization,
    answerWith: (next) => void (status = next),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
