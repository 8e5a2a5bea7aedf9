import { once } from 'node:events';
import { monotonicClock, PreparedSpeech } from '@carillon/media-worker';
import { createLogger } from '@carillon/platform';
import { CachedTts } from '@carillon/providers';
import { ScriptedTts } from '@carillon/testing';
import { answerParent } from '../voice/child-process.js';
import { stageWorker } from '../voice/staged-worker.js';
import { FIXED_WAIT, SCRIPT, scriptedProviders } from '../voice/usual-load.js';
import type { Ring, WorkerOrder } from './script.js';

const [{ load, calls, trust }] = (await once(process, 'message')) as [WorkerOrder];
const clock = monotonicClock;
const log = createLogger('bench', { level: 'warn', pii: false });
const tts = new CachedTts({ tts: new ScriptedTts({ clock, ttfbMs: SCRIPT.ttfbMs, level: 3_000 }), clock, log });
const prepared = new PreparedSpeech({ tts, clock, wallNow: Date.now, log });
const worker = await stageWorker({
  calls: load + calls,
  trust,
  providersFor: (_context, { vad }) => ({ ...scriptedProviders(vad), tts }),
  conversation: () => FIXED_WAIT,
  campaignId: 'bench',
});
answerParent(
  {
    ring: ({ call }: Ring) => {
      const context = worker.contexts[call];
      if (context) prepared.prepare(context);
    },
  },
  async () => {
    prepared.stop();
    await worker.close();
  },
);
process.send?.({ type: 'ready', mediaUrls: worker.mediaUrls });
