import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ExpressRequest, ExpressResponse } from './express-types.js';
import { listen } from './listen.js';
import { currentTraceparent, traceRequests, withTraceparent } from './request-trace.js';
import { startTelemetry, type Telemetry } from './telemetry.js';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const traceIdOf = (traceparent: string | undefined) => traceparent?.split('-')[1];

describe('a trace id, where no spans are recorded', () => {
  let telemetry: Telemetry;
  let url: string;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const answer = () => response.end(currentTraceparent());
    traceRequests(telemetry.tracer)(request as ExpressRequest, response as ExpressResponse, answer);
  });

  beforeAll(async () => {
    telemetry = await startTelemetry('api', { endpoint: '', sampleRatio: 1 });
    url = await listen(server, { host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await telemetry.close();
  });

  it("is the caller's where a request has one", async () => {
    const answer = await (await fetch(url, { headers: { traceparent: PARENT } })).text();
    expect(traceIdOf(answer)).toBe('0af7651916cd43dd8448eb211c80319c');
  });

  it('is a new one for each request otherwise', async () => {
    const answers = [await (await fetch(url)).text(), await (await fetch(url)).text()].map(traceIdOf);
    expect(new Set(answers).size).toBe(2);
    for (const id of answers) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('leads on from where it was stored', () => {
    expect(currentTraceparent()).toBeUndefined();
    const inside = withTraceparent(PARENT, () => telemetry.tracer.startActiveSpan('turn', () => currentTraceparent()));
    expect(traceIdOf(inside)).toBe('0af7651916cd43dd8448eb211c80319c');
  });
});
