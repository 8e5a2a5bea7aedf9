import { setTimeout as pause } from 'node:timers/promises';
import type { SpeechEngines, SpokenWord } from '../engines/speech-engines.js';
import type { SpeechSocket } from './speech-socket.js';
import type { SpokenMarkup } from './spoken-markup.js';
import { TICKS_PER_SAMPLE, timedWords, type TimedWord } from './transcript-text.js';
import { fliteVoiceFor } from './voices.js';

export interface SynthesisPace {
  /** Before the first audio of an utterance, on top of what the engine takes. */
  firstByteDelayMs: number;
  /** How many times faster than it plays audio is sent. */
  speed: number;
}

export interface SynthesisRequest {
  requestId: string;
  streamId: string;
  markup: SpokenMarkup;
  encode(pcm: Int16Array): Buffer;
  wordBoundaries: boolean;
}

/** 100 ms. */
const CHUNK_SAMPLES = 1_600;
const TICKS_PER_MS = 10_000;

/** Speaks one utterance to its end, or until the signal aborts it; either way the turn is ended. Rejects when the engine fails. */
export async function speak(
  request: SynthesisRequest,
  socket: SpeechSocket,
  engines: Pick<SpeechEngines, 'synthesise'>,
  pace: SynthesisPace,
  signal: AbortSignal,
): Promise<void> {
  const context = { serviceTag: request.requestId.toLowerCase() };
  socket.send('turn.start', request.requestId, { context });
  socket.send('response', request.requestId, { context, audio: { type: 'inline', streamId: request.streamId } });
  try {
    if (pace.firstByteDelayMs > 0) await pause(pace.firstByteDelayMs, undefined, { signal });
    let samples = 0;
    for (const sentence of sentencesOf(request.markup.text)) {
      let words: readonly SpokenWord[] = [];
      const onWords = (spoken: readonly SpokenWord[]) => void (words = spoken);
      const pcm = await engines.synthesise(sentence, fliteVoiceFor(request.markup.voice), { rate: request.markup.rate, onWords });
      signal.throwIfAborted();
      const timed = words.length > 0 ? spokenWords(words, samples) : timedWords(sentence, samples, samples + pcm.length);
      if (request.wordBoundaries) tellWords(timed, request.requestId, socket);
      await send(pcm, request, socket, pace, signal);
      samples += pcm.length;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  socket.send('turn.end', request.requestId, {});
}

async function send(
  pcm: Int16Array,
  request: SynthesisRequest,
  socket: SpeechSocket,
  pace: SynthesisPace,
  signal: AbortSignal,
): Promise<void> {
  const audio = request.encode(pcm);
  const chunkBytes = 2 * Math.round((CHUNK_SAMPLES * audio.length) / (2 * pcm.length));
  for (let at = 0; at < audio.length; at += chunkBytes) {
    socket.sendAudio(request.requestId, request.streamId, audio.subarray(at, at + chunkBytes));
    await pause(100 / pace.speed, undefined, { signal });
  }
}

/** As the engine times them, from the first sample of the utterance. */
function spokenWords(words: readonly SpokenWord[], samplesBefore: number): TimedWord[] {
  return words.map(({ text, beginMs, endMs }) => ({
    Word: text,
    Offset: Math.round(samplesBefore * TICKS_PER_SAMPLE + beginMs * TICKS_PER_MS),
    Duration: Math.round((endMs - beginMs) * TICKS_PER_MS),
  }));
}

function tellWords(words: readonly TimedWord[], requestId: string, socket: SpeechSocket): void {
  const metadata = words.map(({ Word, Offset, Duration }) => ({
    Type: 'WordBoundary',
    Data: { Offset, Duration, text: { Text: Word, Length: Word.length, BoundaryType: 'WordBoundary' } },
  }));
  if (metadata.length > 0) socket.send('audio.metadata', requestId, { Metadata: metadata });
}

/** The engine makes whole sentences: the first can be heard while the second is made. */
function sentencesOf(text: string): string[] {
  return (text.match(/.+?(?:[.!?]+(?=\s|$)|$)/gs) ?? []).map((sentence) => sentence.trim()).filter((sentence) => /\w/.test(sentence));
}
