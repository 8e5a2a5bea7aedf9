import { randomUUID } from 'node:crypto';
import { importPKCS8, SignJWT } from 'jose';
import { WebSocket } from 'ws';
import { Caller, clipFrames } from './caller.js';
import type { GeneratorOrder, GeneratorReport } from './messages.js';

const FRAME_MS = 20;
/** Calls start spread over this time, so that no two are in phase. */
const RAMP_MS = 3_000;
/** After the load, until the last answer has been spoken to its end: what is on its way still counts. */
const DRAIN_MS = 8_000;

process.once('message', (order: GeneratorOrder) => {
  run(order).catch((error: unknown) => {
    process.stderr.write(`generator: ${String(error)}\n`);
    process.exit(1);
  });
});

async function run(order: GeneratorOrder): Promise<void> {
  const random = mulberry32(order.seed);
  const clips = order.clips.map((clip) => clipFrames(Buffer.from(clip, 'base64')));
  const token = await carrierToken(order);
  const callers: Caller[] = [];
  const stopTicker = everyFrame(() => {
    const timestamp = new Date().toISOString();
    for (const caller of callers) caller.tick(timestamp);
  });
  for (const url of order.mediaUrls) {
    callers.push(new Caller(await connect(url, token), clips, random));
    await pause(RAMP_MS / order.mediaUrls.length);
  }
  process.send?.({ type: 'loaded' });
  await pause(order.seconds * 1000);
  stopTicker();
  process.send?.({ type: 'unloaded' });
  await pause(DRAIN_MS);
  const sum = (pick: (caller: Caller) => number) => callers.reduce((total, caller) => total + pick(caller), 0);
  const report: GeneratorReport = {
    type: 'report',
    framesSent: sum((caller) => caller.framesSent),
    framesReceived: sum((caller) => caller.framesReceived),
    underruns: sum((caller) => caller.underruns),
    dropped: sum((caller) => Number(caller.dropped)),
    utterances: sum((caller) => caller.utterances),
  };
  process.send?.(report);
  process.once('message', () => {
    for (const caller of callers) caller.close();
    process.disconnect();
  });
}

async function carrierToken(order: GeneratorOrder): Promise<string> {
  const key = await importPKCS8(order.carrierKey, 'RS256');
  return new SignJWT({})
    .setProtectedHeader({ alg: 'RS256', kid: 'bench' })
    .setIssuer(order.issuer)
    .setAudience(order.audience)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(key);
}

function connect(url: string, token: string): Promise<WebSocket> {
  return new Promise((done, fail) => {
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${token}`, 'x-ms-call-connection-id': randomUUID() },
      perMessageDeflate: false,
    });
    socket.once('open', () => done(socket));
    socket.once('error', fail);
  });
}

/** Runs the callback once per 20 ms that have passed on the monotonic clock, without drift. */
function everyFrame(callback: () => void): () => void {
  const startedAt = performance.now();
  let done = 0;
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - startedAt) / FRAME_MS);
    for (; done < due; done++) callback();
  }, FRAME_MS / 4);
  return () => clearInterval(timer);
}

function pause(ms: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, ms));
}

/** A small seeded generator of numbers in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
