import { openSpeechEngines, type SpeechEngines } from './engines/speech-engines.js';
import type { EnginePaths } from './engines/engine-thread.js';
import { agentLines } from './people/agent-lines.js';
import { callerLines } from './people/caller-lines.js';
import type { Person } from './people/person.js';
import { plainWords } from './people/topic.js';
import { ClipRecogniser } from './speech/clip-recogniser.js';
import { engineRecogniser } from './speech/engine-recogniser.js';
import type { SpeechRecogniser } from './speech/speech-recogniser.js';

/** Who hears and speaks with what: the people on one side, the speech service of the agents on the other. */
export interface Voices {
  forPeople: Pick<SpeechEngines, 'openRecogniser' | 'synthesise'>;
  forAgents: Pick<SpeechEngines, 'synthesise'>;
  /** How the speech service understands the people. */
  recogniser: SpeechRecogniser;
  close(): Promise<void>;
}

export interface VoicesOptions {
  paths: EnginePaths;
  threads: number;
  recogniser: 'pocketsphinx' | 'clips';
}

/** Loads the engines and, for PocketSphinx, both language models. Rejects when a library or the acoustic model cannot be loaded. */
export async function openVoices({ paths, threads, recogniser }: VoicesOptions, people: readonly Person[]): Promise<Voices> {
  const engines = await openSpeechEngines(paths, { threads: recogniser === 'clips' ? 1 : threads });
  if (recogniser === 'clips') return clipVoices(engines);
  try {
    await engines.setLanguageModel('callers', callerLines(people));
    await engines.setLanguageModel('agents', agentLines());
  } catch (error) {
    await engines.close();
    throw error;
  }
  return { forPeople: engines, forAgents: engines, recogniser: engineRecogniser(engines), close: () => engines.close() };
}

/** Nobody recognises anything: each side is told the words of the clips that the other one plays. */
function clipVoices(engines: SpeechEngines): Voices {
  const people = new ClipRecogniser();
  const agents = new ClipRecogniser();
  const speaking = (clips: ClipRecogniser): Pick<SpeechEngines, 'synthesise'> => ({
    synthesise: async (text, voice, options) => {
      const pcm = await engines.synthesise(text, voice, options);
      clips.register(pcm, plainWords(text));
      return pcm;
    },
  });
  return {
    forPeople: { ...speaking(people), openRecogniser: (_model, onPartial) => agents.open(onPartial) },
    forAgents: speaking(agents),
    recogniser: people,
    close: () => engines.close(),
  };
}
