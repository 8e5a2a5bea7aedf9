import { CarillonError } from '@carillon/contracts';
import { Body, Controller, Get, Module, Post, Req } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { z } from 'zod';
import { loadConfig } from './config/load-config.js';
import { createHealth } from './health.js';
import { createLogger } from './logger.js';
import { createMetrics } from './metrics.js';
import { createNestApp, type NestApp } from './nest-app.js';

@Controller()
class OrdersController {
  @Post('orders')
  create(@Body() body: unknown) {
    return z.object({ quantity: z.number() }).parse(body);
  }

  @Get('busy/:phone')
  busy() {
    throw new CarillonError('already_in_call', [{ field: 'phone_number', message: 'is in a call' }]);
  }

  @Get('broken')
  broken() {
    throw new Error('the wire to +14155550123 broke');
  }

  @Post('files/upload')
  async upload(@Req() request: AsyncIterable<Buffer>) {
    let bytes = 0;
    for await (const chunk of request) bytes += chunk.length;
    return { bytes };
  }
}

@Module({ controllers: [OrdersController] })
class OrdersModule {}

describe('a Nest application of ours', () => {
  let server: NestApp;
  const lines: string[] = [];
  const health = createHealth();
  const metrics = createMetrics('api');

  beforeAll(async () => {
    const log = createLogger('api', { level: 'info', pii: false }, { write: (line) => void lines.push(line) });
    const context = { name: 'api', config: loadConfig({}), log, metrics, health, tracer: trace.getTracer('test') } as const;
    server = await createNestApp(OrdersModule, context, { rawBodyRoutes: ['/files/'] });
  });
  afterAll(() => server.app.close());

  const call = (path: string, body?: string, type = 'application/json') =>
    fetch(server.url + path, body === undefined ? {} : { method: 'POST', body, headers: { 'content-type': type } });

  it('answers health and metrics', async () => {
    expect((await call('/health/live')).status).toBe(200);
    expect((await call('/health/ready')).status).toBe(503);
    health.setReady(true);
    expect(await (await call('/health/ready')).json()).toEqual({ status: 'ok', checks: [{ id: 'open', status: 'ok' }] });
    expect(await (await call('/metrics')).text()).toContain('process_cpu_seconds_total');
  });

  it('names each field that a schema refuses', async () => {
    const response = await call('/orders', '{"quantity":"two"}');
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      error: { code: 'invalid_body', retryable: false, fields: [{ field: 'quantity' }], details: [expect.stringMatching(/^quantity: /)] },
    });
  });

  it.each([
    ['a body that is not JSON', '/orders', '{', 400, 'invalid_json'],
    ['a body that is too large', '/orders', JSON.stringify('x'.repeat(1_100_000)), 413, 'body_too_large'],
    ['an unknown path', '/nothing', undefined, 404, 'not_found'],
    ['an error meant for callers', '/busy/+14155550123', undefined, 409, 'already_in_call'],
    ['any other error', '/broken', undefined, 500, 'internal'],
  ])('turns %s into its status and code', async (_what, path, body, status, code) => {
    const response = await call(path, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
  });

  it('gives raw routes their body as a stream, whatever it says it is', async () => {
    expect(await (await call('/files/upload', '{"a":1}')).json()).toEqual({ bytes: 7 });
  });

  it('times requests by route pattern, never by path', async () => {
    const text = await metrics.metrics();
    expect(text).toMatch(/carillon_http_request_seconds_count\{[^}]*route="\/busy\/:phone"/);
    expect(text).not.toContain('4155550123');
  });

  it('says in the log what broke, but not to the caller', async () => {
    expect(await (await call('/broken')).text()).not.toContain('wire');
    expect(lines.join('')).toContain('a request failed');
  });
});
