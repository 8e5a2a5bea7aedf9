import { monotonicClock, type CallProviders } from '@carillon/media-worker';
import type { VadEngine } from '@carillon/pipeline';
import { ScriptedLlm, ScriptedStt, ScriptedTts } from '@carillon/testing';
import type { CallContext } from '@carillon/contracts';

/** What the scripted providers take is known, so what is left is ours. */
export const SCRIPT = { finalAfterMs: 200, ttftMs: 200, ttfbMs: 150, endpointWaitMs: 500 };

/** One wait for every end of a turn, and no drafts: the floor of a reply must be known. */
export const FIXED_WAIT: CallContext['conversation'] = {
  vad_silence_confident_ms: SCRIPT.endpointWaitMs,
  vad_silence_timeout_ms: SCRIPT.endpointWaitMs,
  vad_silence_adaptive: false,
  speculation: 'off',
};

/** Things that people say on the phone. */
export const SENTENCES = [
  'my name is sarah connor and i live in springfield',
  'tuesday the third of june would be fine for me',
  'the number is four one seven two nine',
  'well let me see i think it was in the middle of march',
  'no that is all thank you very much',
];

/** Recogniser, model and voice in the worker's own process; streams are each call's own. */
export function scriptedProviders(vad: VadEngine): CallProviders {
  const clock = monotonicClock;
  return {
    vad,
    stt: new ScriptedStt({
      utterances: () => 'i would like to tell you something about it',
      finalAfterMs: SCRIPT.finalAfterMs,
      finalP99Ms: 600,
    }),
    llm: new ScriptedLlm({
      clock,
      answers: () => 'All right, thank you for that. What else is there?',
      ttftMs: SCRIPT.ttftMs,
      wordsPerToken: 50,
    }),
    tts: new ScriptedTts({ clock, ttfbMs: SCRIPT.ttfbMs, level: 3_000 }),
  };
}
