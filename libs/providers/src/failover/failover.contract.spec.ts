import type { LlmProvider, SttProvider, TtsProvider } from '@carillon/pipeline';
import { ScriptedLlm, ScriptedStt, ScriptedTts } from '@carillon/testing';
import { ProviderError } from '../provider-error.js';
import { failingLlm, failingStt, failingTts } from '../testing/failing-providers.js';
import { llmContract } from '../testing/llm-contract.js';
import { RecordingLog } from '../testing/recording-log.js';
import { sttContract } from '../testing/stt-contract.js';
import { ttsContract } from '../testing/tts-contract.js';
import { FailoverLlm } from './failover-llm.js';
import { FailoverStt } from './failover-stt.js';
import { FailoverTts } from './failover-tts.js';
import type { Named } from './provider-row.js';

const log = new RecordingLog();
const refused = new ProviderError('llm_unavailable');

/** Alone, as the first of two, and as the one that is left. */
function alone<P>(provider: P): Named<P>[] {
  return [{ name: 'only', provider }];
}

function afterAFailing<P>(failing: P, provider: P): Named<P>[] {
  return [
    { name: 'failing', provider: failing },
    { name: 'other', provider },
  ];
}

llmContract('a scripted one', (answer, clock) => new ScriptedLlm({ clock, answers: () => answer }));
llmContract('one with failover', (answer, clock) => {
  const scripted = new ScriptedLlm({ clock, answers: () => answer });
  return new FailoverLlm({ providers: alone(scripted), clock, log });
});
llmContract('the second of two', (answer, clock) => {
  const scripted = new ScriptedLlm({ clock, answers: () => answer });
  return new FailoverLlm({ providers: afterAFailing<LlmProvider>(failingLlm(clock, refused), scripted), clock, log });
});

ttsContract('a scripted one', (fault, clock) => new ScriptedTts({ clock, faults: [fault] }));
ttsContract('one with failover', (fault, clock) => {
  return new FailoverTts({ providers: alone(new ScriptedTts({ clock, faults: [fault] })), clock, log });
});
ttsContract('the second of two', (fault, clock) => {
  const scripted = new ScriptedTts({ clock, faults: [fault], ttfbMs: 100 });
  return new FailoverTts({ providers: afterAFailing<TtsProvider>(failingTts(clock, refused), scripted), clock, log });
});

sttContract('one with failover', (utterances, clock) => {
  return new FailoverStt({ providers: alone(new ScriptedStt({ utterances })), clock, log });
});
sttContract('the second of two', (utterances, clock) => {
  const scripted = new ScriptedStt({ utterances });
  return new FailoverStt({ providers: afterAFailing<SttProvider>(failingStt(clock, refused, 0), scripted), clock, log });
});
