import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createAcsCarrier } from '@carillon/telephony';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'pg';

export interface FloorOrder {
  seconds: number;
  warmUpMs: number;
}

export interface FloorReport {
  perSecond: number;
}

/** As many calls at a time as the dialer-worker places. */
const CONCURRENCY = 150;
const BATCH = 100;

/**
 * What no dialer can do without: a job from BullMQ, a committed row before the request, createCall by the same SDK to the same carrier, a commit of its answer. No
 * rules, no slots, no contacts; the carrier's events are thrown away.
 */
async function runFloor({ seconds, warmUpMs }: FloorOrder): Promise<FloorReport> {
  const env = process.env;
  const pool = new Pool({ connectionString: env['DATABASE_URL'], max: 20 });
  await pool.query('CREATE TABLE IF NOT EXISTS floor_call (id uuid PRIMARY KEY, state text NOT NULL, connection_id text)');
  const carrier = createAcsCarrier({
    connectionString: env['ACS_CONNECTION_STRING'] ?? '',
    issuer: 'https://acscallautomation.communication.azure.com',
    audience: env['ACS_AUDIENCE'] ?? '',
    jwksUrl: env['ACS_JWKS_URL'] ?? '',
  });
  const sink = createServer((request, response) => request.resume().once('end', () => response.end())).listen(0, '127.0.0.1');
  await once(sink, 'listening');
  const callbackUrl = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/events`;
  const connection = new Redis(env['REDIS_URL'] ?? '', { maxRetriesPerRequest: null });
  const queue = new Queue(`floor-${randomUUID()}`, { connection });
  let placed = 0;
  let called = 0;

  const place = async () => {
    const callId = randomUUID();
    await pool.query(`INSERT INTO floor_call VALUES ($1, 'dialing')`, [callId]);
    const answer = await carrier.place({
      ...{ callId, callbackUrl, mediaUrl: 'ws://127.0.0.1:9/m', fromE164: '+14155550100', toE164: `+1650${2_000_000 + called++}` },
      ...{ sampleRate: 16_000, repeatabilityId: randomUUID(), firstSentAt: new Date(), timeoutMs: 15_000 },
    });
    if (answer.kind !== 'placed') throw new Error(`the carrier answered ${answer.kind}`);
    await pool.query(`UPDATE floor_call SET state = 'placed', connection_id = $2 WHERE id = $1`, [callId, answer.connectionId]);
    placed++;
  };
  const worker = new Worker(queue.name, place, { connection, concurrency: CONCURRENCY, removeOnComplete: { count: 0 } });
  let filling = true;
  const fill = (async () => {
    while (filling) {
      if ((await queue.getWaitingCount()) < 2 * BATCH)
        await queue.addBulk(Array.from({ length: BATCH }, () => ({ name: 'dial', data: {} })));
      await delay(20);
    }
  })();
  await delay(warmUpMs);
  const from = placed;
  const startedAt = performance.now();
  await delay(seconds * 1_000);
  const perSecond = (placed - from) / ((performance.now() - startedAt) / 1_000);
  filling = false;
  await fill;
  await worker.close(true);
  await queue.obliterate({ force: true });
  await delay(2_500); // the last callbacks
  sink.close();
  await pool.end();
  connection.disconnect();
  return { perSecond };
}

process.once('message', (order) => {
  void runFloor(order as FloorOrder).then((report) => process.send?.(report));
});
