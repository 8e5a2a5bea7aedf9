import { once } from 'node:events';
import { getHeapCodeStatistics } from 'node:v8';
import type { Clock } from '@carillon/pipeline';
import { monotonicClock, type CallProviders } from '@carillon/media-worker';
import { ScriptedTts } from '@carillon/testing';
import { answerParent } from '../voice/child-process.js';
import { pause } from '../voice/frame-ticker.js';
import { stageWorker } from '../voice/staged-worker.js';
import { FIXED_WAIT, scriptedProviders } from '../voice/usual-load.js';
import type { HeapReport, WorkerOrder } from './script.js';

/** A quick talker: a call need not be long to leave something behind. */
const MS_PER_CHARACTER = 5;
/** A call is held open for 5 s after its socket is gone, since the carrier may come back. */
const SETTLE_MS = 8_000;
const COLLECTIONS = 5;

const [{ calls, trust }] = (await once(process, 'message')) as [WorkerOrder];
const collectGarbage = globalThis.gc;
if (collectGarbage === undefined) throw new Error('run with --expose-gc');
const worker = await stageWorker({
  calls,
  trust,
  // new ones for each call: scripted providers keep what they were asked
  providersFor: (_context, { vad }): CallProviders => ({ ...scriptedProviders(vad), tts: quickVoice(monotonicClock) }),
  conversation: () => FIXED_WAIT,
});
answerParent({ heap: () => measure(collectGarbage) }, () => worker.close());
process.send?.({ type: 'ready', mediaUrls: worker.mediaUrls });

async function measure(collect: () => void | Promise<void>): Promise<HeapReport> {
  await pause(SETTLE_MS);
  const exchanges = worker.replies.length;
  worker.replies.length = 0;
  for (let round = 0; round < COLLECTIONS; round++) {
    await collect();
    await pause(100);
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  const { code_and_metadata_size: machineCode, bytecode_and_metadata_size: bytecode } = getHeapCodeStatistics();
  return { exchanges, heapBytes: heapUsed, codeBytes: machineCode + bytecode, bufferBytes: arrayBuffers, rssBytes: rss };
}

function quickVoice(clock: Clock): ScriptedTts {
  return new ScriptedTts({ clock, ttfbMs: 20, msPerCharacter: MS_PER_CHARACTER, level: 3_000 });
}
