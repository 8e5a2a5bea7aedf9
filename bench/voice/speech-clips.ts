import { openSpeechEngines, type FliteVoice, type SpeechEngines } from '@carillon/simulator/engines';

/** The speech synthesiser that runs here, where tools/run-bench.mjs has put it. */
export function openEngines(): Promise<SpeechEngines> {
  const { SIMULATOR_SPEECH_LIBRARIES: libraryDir = '', SIMULATOR_SPEECH_MODEL: modelDir = '' } = process.env;
  return openSpeechEngines({ libraryDir, modelDir }, { threads: 1 });
}

/** These sentences in turns by two voices, 16 kHz mono, so that the voice detector works on real speech. */
export async function speakSentences(sentences: readonly string[]): Promise<Int16Array[]> {
  const voices: FliteVoice[] = ['slt', 'rms'];
  const engines = await openEngines();
  try {
    const spoken: Int16Array[] = [];
    for (const [index, sentence] of sentences.entries()) spoken.push(await engines.synthesise(sentence, voices[index % 2] ?? 'slt'));
    return spoken;
  } finally {
    await engines.close();
  }
}

export const bytesOf = (pcm: Int16Array): Buffer => Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
