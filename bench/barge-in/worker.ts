import { once } from 'node:events';
import { monotonicClock } from '@carillon/media-worker';
import { ScriptedLlm } from '@carillon/testing';
import { answerParent } from '../voice/child-process.js';
import { openEngines } from '../voice/speech-clips.js';
import { stageWorker } from '../voice/staged-worker.js';
import { AGENT_LINE, echoOf } from './agent-line.js';
import { CuedStt } from './cued-stt.js';
import { ECHO_MS, type WorkerOrder } from './script.js';
import { SpokenTts } from './spoken-tts.js';

const TTFT_MS = 200;

const [{ calls, trust, utterances }] = (await once(process, 'message')) as [WorkerOrder];
const engines = await openEngines();
const stt = new CuedStt((cue) => echoOf(cue, ECHO_MS) ?? utterances[cue]);
const llm = new ScriptedLlm({ clock: monotonicClock, answers: () => AGENT_LINE, ttftMs: TTFT_MS, wordsPerToken: 50 });
const tts = new SpokenTts(engines, monotonicClock);
const worker = await stageWorker({ calls, trust, providersFor: (_context, { vad }) => ({ vad, stt, llm, tts }) });
answerParent(
  {
    voice: () => {
      const { fallbackWindows, windows } = worker.vad.statistics();
      return { fallbackWindows, windows };
    },
  },
  async () => {
    await worker.close();
    await engines.close();
  },
);
process.send?.({ type: 'ready', mediaUrls: worker.mediaUrls });
