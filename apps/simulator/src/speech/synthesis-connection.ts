import { randomUUID } from 'node:crypto';
import type { SpeechEngines } from '../engines/speech-engines.js';
import { outputEncoder } from './output-format.js';
import { jsonBody, type SpeechFrame, valueAt } from './speech-frames.js';
import type { SpeechSocket } from './speech-socket.js';
import { speak, type SynthesisPace } from './speech-synthesis.js';
import { readSpokenMarkup, type SpokenMarkup } from './spoken-markup.js';

/** A request from its context to its end. */
interface Turn {
  context: Record<string, unknown>;
  /** What came in pieces so far. */
  pieces: string;
  stop: AbortController;
}

interface SynthesisEnds {
  engines: Pick<SpeechEngines, 'synthesise'>;
  /** Asked for at each utterance. */
  pace(): SynthesisPace;
  failed(error: unknown): void;
}

/** A client that has text spoken: one request after the other, each with its own request id. */
export class SynthesisConnection {
  readonly #socket: SpeechSocket;
  readonly #ends: SynthesisEnds;
  readonly #turns = new Map<string, Turn>();

  constructor(socket: SpeechSocket, ends: SynthesisEnds) {
    this.#socket = socket;
    this.#ends = ends;
    socket.listen(
      (frame) => this.#take(frame),
      () => this.#stopAll(),
    );
  }

  #take(frame: SpeechFrame): void {
    switch (frame.path) {
      case 'synthesis.context':
        this.#turn(frame.requestId).context = jsonBody(frame);
        break;
      case 'ssml':
        this.#speakMarkup(frame.requestId, frame.body.toString());
        break;
      case 'text.piece':
        this.#turn(frame.requestId).pieces += frame.body.toString();
        break;
      case 'text.end':
        this.#speakPieces(frame.requestId);
        break;
      case 'synthesis.control':
        if (jsonBody(frame)['action'] === 'stop') this.#turns.get(frame.requestId)?.stop.abort();
        break;
    }
  }

  #turn(requestId: string): Turn {
    const turn = this.#turns.get(requestId) ?? { context: {}, pieces: '', stop: new AbortController() };
    this.#turns.set(requestId, turn);
    return turn;
  }

  #speakMarkup(requestId: string, ssml: string): void {
    const markup = readSpokenMarkup(ssml);
    if (markup) this.#speak(requestId, markup);
    else this.#socket.refuse('the SSML cannot be read');
  }

  #speakPieces(requestId: string): void {
    const { context, pieces } = this.#turn(requestId);
    this.#speak(requestId, { text: pieces.trim(), voice: String(valueAt(context, 'synthesis', 'input', 'voiceName') ?? ''), rate: 1 });
  }

  #speak(requestId: string, markup: SpokenMarkup): void {
    const { context, stop } = this.#turn(requestId);
    const audio = valueAt(context, 'synthesis', 'audio');
    const encode = outputEncoder(String(valueAt(audio, 'outputFormat')));
    if (!encode) {
      this.#socket.refuse('this output format is not offered here');
      return;
    }
    const wordBoundaries = String(valueAt(audio, 'metadataOptions', 'wordBoundaryEnabled')) === 'true';
    const request = { requestId, streamId: randomUUID().replaceAll('-', '').toUpperCase(), markup, encode, wordBoundaries };
    speak(request, this.#socket, this.#ends.engines, this.#ends.pace(), stop.signal)
      .catch((error: unknown) => {
        this.#ends.failed(error);
        this.#socket.refuse('the text cannot be spoken');
      })
      .finally(() => this.#turns.delete(requestId));
  }

  #stopAll(): void {
    for (const { stop } of this.#turns.values()) stop.abort();
    this.#turns.clear();
  }
}
