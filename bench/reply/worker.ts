import { once } from 'node:events';
import { monotonicClock, type CallProviders } from '@carillon/media-worker';
import { AzureSttSocketProvider, AzureTtsProvider, OpenAiLlmProvider } from '@carillon/providers';
import type { Logger } from '@carillon/platform';
import { answerParent } from '../voice/child-process.js';
import { stageWorker } from '../voice/staged-worker.js';
import { KEY, type WorkerOrder } from './script.js';

/** Its worst final comes so long after the voice, and not later. */
const FINAL_P99_MS = 600;

const [{ calls, trust, services }] = (await once(process, 'message')) as [WorkerOrder];
let shared: Omit<CallProviders, 'vad'> | undefined;
const worker = await stageWorker({
  calls,
  trust,
  providersFor: (_context, { vad, log }) => ({ vad, ...(shared ??= openProviders(log)) }),
  conversation: (ordinal) => ({ speculation: ordinal % 2 === 0 ? 'off' : 'model' }),
});
answerParent({}, async () => {
  await worker.close();
  shared?.tts.close();
});
process.send?.({ type: 'ready', mediaUrls: worker.mediaUrls });

/** The production clients of speech and model, pointed at the scripted services. */
function openProviders(log: Logger): Omit<CallProviders, 'vad'> {
  const clock = monotonicClock;
  const speech = (path: string) => ({ url: `ws://${services}${path}`, key: KEY });
  return {
    stt: new AzureSttSocketProvider({ endpoint: speech('/speech/universal/v2'), clock, log, finalP99Ms: FINAL_P99_MS }),
    tts: new AzureTtsProvider({ endpoint: speech('/tts/cognitiveservices/websocket/v1'), clock, log }),
    llm: new OpenAiLlmProvider({ url: `http://${services}/v1`, key: KEY, model: 'bench', clock }),
  };
}
