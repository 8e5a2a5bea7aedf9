import { seededRandom } from '@carillon/simulator/greetings';
import { connectCall } from '../voice/bench-carrier.js';
import { everyFrameOfEach, pause } from '../voice/frame-ticker.js';
import { clipFrames } from '../voice/phone.js';
import { Caller } from './caller.js';
import type { GeneratorOrder, GeneratorReport } from './messages.js';

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
  const random = seededRandom(String(order.seed));
  const clips = order.clips.map((clip) => clipFrames(Buffer.from(clip, 'base64')));
  const callers: Caller[] = [];
  const stopTicker = everyFrameOfEach(callers, (caller, timestamp) => caller.tick(timestamp));
  for (const url of order.mediaUrls) {
    callers.push(new Caller(await connectCall(url, order.token), clips, () => random.next()));
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
    framesSent: sum(({ phone }) => phone.framesSent),
    framesReceived: sum(({ phone }) => phone.framesReceived),
    underruns: sum(({ phone }) => phone.underruns),
    dropped: sum(({ phone }) => Number(phone.dropped)),
    utterances: sum((caller) => caller.utterances),
  };
  process.send?.(report);
  process.once('message', () => {
    for (const { phone } of callers) phone.close();
    process.disconnect();
  });
}
