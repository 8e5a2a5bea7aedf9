import type { RecogniserSession } from '../engines/speech-engines.js';

/** How the service turns utterances into text. */
export interface SpeechRecogniser {
  /** What reports call it: `clips` recognises nothing, it knows what was played. */
  readonly name: 'pocketsphinx' | 'clips';
  /** For one connection. `onPartial` gets the text of the utterance so far. */
  open(onPartial: (text: string) => void): RecogniserSession;
}
