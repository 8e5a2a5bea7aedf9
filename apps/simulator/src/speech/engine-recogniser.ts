import type { LanguageModelName, SpeechEngines } from '../engines/speech-engines.js';
import type { SpeechRecogniser } from './speech-recogniser.js';

/** Recognition of what people say to the agents, by PocketSphinx. */
export function engineRecogniser(engines: Pick<SpeechEngines, 'openRecogniser'>, model: LanguageModelName = 'callers'): SpeechRecogniser {
  return { name: 'pocketsphinx', open: (onPartial) => engines.openRecogniser(model, onPartial) };
}
