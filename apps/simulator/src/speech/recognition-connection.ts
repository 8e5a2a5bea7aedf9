import type { SpeechRecogniser } from './speech-recogniser.js';
import { jsonBody, type SpeechFrame, valueAt } from './speech-frames.js';
import type { SpeechSocket } from './speech-socket.js';
import { type RecognitionSettings, RecognitionTurn } from './recognition-turn.js';

/** What the service does when the client does not say. */
const SEGMENTATION_SILENCE_MS = 650;
const INITIAL_SILENCE_MS = 10_000;

const WAVE_HEADER_BYTES = 44;

/** A client that has its audio recognised: one turn after the other, each with its own request id. */
export class RecognitionConnection {
  readonly #socket: SpeechSocket;
  readonly #recogniser: SpeechRecogniser;
  readonly #query: URLSearchParams;
  readonly #onFailure: (error: unknown) => void;
  #context: Record<string, unknown> = {};
  #contextOf = '';
  #turn: RecognitionTurn | undefined;
  /** Audio may be cut in the middle of a sample. */
  #rest: Buffer = Buffer.alloc(0);

  constructor(socket: SpeechSocket, recogniser: SpeechRecogniser, query: URLSearchParams, onFailure: (error: unknown) => void) {
    this.#socket = socket;
    this.#recogniser = recogniser;
    this.#query = query;
    this.#onFailure = onFailure;
    socket.listen(
      (frame) => this.#take(frame),
      () => this.#turn?.abandon(),
    );
  }

  #take(frame: SpeechFrame): void {
    if (frame.path === 'speech.context') {
      this.#context = jsonBody(frame);
      this.#contextOf = frame.requestId;
    } else if (frame.path === 'audio') {
      this.#audio(frame);
    } // speech.config and telemetry change nothing here
  }

  #audio(frame: SpeechFrame): void {
    const audio = Buffer.from(frame.body);
    if (this.#turn?.requestId !== frame.requestId) this.#beginTurn(frame.requestId);
    if (audio.length === 0) {
      this.#turn?.finish();
    } else {
      const isWave = frame.headers.get('content-type') === 'audio/x-wav' || audio.toString('latin1', 0, 4) === 'RIFF';
      this.#turn?.push(this.#samples(isWave ? audio.subarray(WAVE_HEADER_BYTES) : audio));
    }
  }

  #beginTurn(requestId: string): void {
    this.#turn?.abandon();
    this.#rest = Buffer.alloc(0);
    const open = (onPartial: (text: string) => void) => this.#recogniser.open(onPartial);
    this.#turn = new RecognitionTurn(requestId, this.#socket, open, this.#settings(requestId), this.#onFailure);
  }

  #samples(audio: Buffer): Int16Array {
    const bytes = Buffer.concat([this.#rest, audio]);
    const count = Math.floor(bytes.length / 2);
    this.#rest = bytes.subarray(count * 2);
    return Int16Array.from({ length: count }, (_, index) => bytes.readInt16LE(index * 2));
  }

  /** The context of the turn wins over the query of the connection. */
  #settings(requestId: string): RecognitionSettings {
    const context = this.#contextOf === requestId ? this.#context : {};
    const mode = String(valueAt(context, 'phraseDetection', 'mode') ?? 'Conversation').toLowerCase();
    const format = valueAt(context, 'phraseOutput', 'format') ?? this.#query.get('format') ?? 'simple';
    return {
      detailed: String(format).toLowerCase() === 'detailed' || this.#query.get('wordLevelTimestamps') === 'true',
      segmentationSilenceMs: milliseconds(
        [
          valueAt(context, 'phraseDetection', mode, 'segmentation', 'segmentationSilenceTimeoutMs'),
          this.#query.get('segmentationSilenceTimeoutMs'),
        ],
        SEGMENTATION_SILENCE_MS,
      ),
      initialSilenceMs: milliseconds(
        [valueAt(context, 'phraseDetection', 'initialSilenceTimeout'), this.#query.get('initialSilenceTimeoutMs')],
        INITIAL_SILENCE_MS,
      ),
    };
  }
}

/** The first value that is a time. */
function milliseconds(values: unknown[], otherwise: number): number {
  return values.map(Number).find((value) => value > 0) ?? otherwise;
}
