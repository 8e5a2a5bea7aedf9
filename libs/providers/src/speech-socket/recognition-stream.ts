import type { Clock, Ms, SttListener, SttStream } from '@carillon/pipeline';
import { ProviderError } from '../provider-error.js';
import type { ProviderLog } from '../provider-log.js';
import { AudioBacklog } from './audio-backlog.js';
import { readHypothesis, readPhrase } from './recognition-message.js';
import type { ConnectionLoss, SpeechConnection } from './speech-connection.js';
import { audioMessage, newRequestId, textMessage, waveMessage, type SpeechMessage } from './speech-framing.js';

export interface RecognitionOptions {
  /** A new connection, in place of one that was lost. */
  connect(): SpeechConnection;
  /** Body of `speech.context`. */
  context: object;
  clock: Clock;
  log: ProviderLog;
  blockMs: Ms;
  deafAfterMs: Ms;
  /** So much of the audio that no phrase covers is said again at the most, */
  replayMs: Ms;
  /** and what comes in until a new connection is there: so long that takes at the most. */
  handshakeTimeoutMs: Ms;
}

/** From one request id to the next. */
interface Turn {
  requestId: string;
  /** Position of its first sample. Times of the service count from there. */
  beginsAt: number;
  isAnswered: boolean;
  /** When its first audio went by. What is said again comes all at once: it is no measure of time. */
  audioSince: Ms | undefined;
}

const BYTES_PER_MS = 32;
const SAMPLES_PER_MS = 16;
/** What is said again goes in larger pieces: less work, and the service reads it at once anyway. */
const CATCH_UP_BYTES = 100 * BYTES_PER_MS;
/** Two seconds: what the network does not take stays in the backlog, which is bounded. */
const MAX_UNSENT_BYTES = 64_000;
/** The service answers the first audio of a turn at once. A connection that does not is dead, though nobody was told. */
const ANSWER_WITHIN_MS: Ms = 3_000;
/** New connections and turns without a phrase between them that covered any audio; the SDK stops there, too. */
const MAX_NEW_STARTS = 4;

/** One call's recognition: turn after turn, over one connection or, when that is lost, the next. */
export class RecognitionStream implements SttStream {
  readonly #listener: SttListener;
  readonly #options: RecognitionOptions;
  readonly #backlog: AudioBacklog;
  #connection: SpeechConnection;
  #turn: Turn | undefined;
  /** Position up to which audio went into the running turn. */
  #sentUntil = 0;
  /** Audio since the service was last heard of. Counted in audio, so that a call without audio is not deaf. */
  #unheardMs: Ms = 0;
  #newStarts = 0;
  #isTaken = false;
  #closed = false;

  constructor(connection: SpeechConnection, listener: SttListener, options: RecognitionOptions) {
    this.#listener = listener;
    this.#options = options;
    this.#backlog = new AudioBacklog((options.replayMs + options.handshakeTimeoutMs) * BYTES_PER_MS);
    this.#connection = connection;
    this.#use(connection);
  }

  push(frame: Int16Array): void {
    if (this.#closed) return;
    const frameMs = frame.length / SAMPLES_PER_MS;
    this.#unheardMs += frameMs;
    if (this.#unheardMs > this.#options.deafAfterMs) return this.#fail(new ProviderError('stt_deaf'));
    this.#backlog.append(frame);
    this.#send();
    this.#awaitAnswer();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#turn = undefined;
    this.#connection.close(); // without a last transcript: nobody waits for one
  }

  #use(connection: SpeechConnection): void {
    this.#connection = connection;
    connection.listen({
      opened: () => this.#beginTurn(connection.firstRequestId),
      heard: (message) => this.#hear(message),
      lost: (loss) => this.#lost(loss),
    });
    if (connection.isOpen) this.#beginTurn(connection.firstRequestId);
  }

  /** With all audio that no phrase covers. */
  #beginTurn(requestId: string): void {
    this.#turn = { requestId, beginsAt: this.#backlog.start, isAnswered: false, audioSince: undefined };
    this.#sentUntil = this.#backlog.start;
    this.#connection.send(textMessage('speech.context', requestId, this.#options.context));
    this.#connection.send(waveMessage(requestId));
    this.#send();
  }

  #send(): void {
    const turn = this.#turn;
    if (!turn) return;
    if (this.#sentUntil < this.#backlog.start) return this.#startOver(new ProviderError('stt_refused', 'the network takes no audio'));
    const blockBytes = this.#options.blockMs * BYTES_PER_MS;
    while (this.#backlog.end - this.#sentUntil >= blockBytes && this.#connection.unsentBytes < MAX_UNSENT_BYTES) {
      const until = Math.min(this.#backlog.end, this.#sentUntil + Math.max(blockBytes, CATCH_UP_BYTES));
      this.#connection.send(audioMessage(turn.requestId, this.#backlog.read(this.#sentUntil, until)));
      this.#sentUntil = until;
    }
  }

  #awaitAnswer(): void {
    const turn = this.#turn;
    if (!turn || turn.isAnswered) return;
    const now = this.#options.clock.now();
    turn.audioSince ??= now;
    if (now - turn.audioSince >= ANSWER_WITHIN_MS) this.#startOver(new ProviderError('stt_deaf', 'no answer to the first audio'));
  }

  #hear(message: SpeechMessage | undefined): void {
    // It may have been a transcript. The SDK would hear nothing any more from here on; a new connection says what was lost again.
    if (!message) return this.#unreadable('a message');
    if (message.requestId !== this.#turn?.requestId) return;
    switch (message.path) {
      case 'turn.start':
      case 'speech.startdetected':
      case 'speech.enddetected':
        return this.#answered();
      case 'speech.hypothesis':
      case 'speech.fragment':
        return this.#hypothesis(message.body);
      case 'speech.phrase':
        return this.#phrase(message.body);
      case 'turn.end':
        return this.#turnEnded();
    }
  }

  #answered(): void {
    this.#unheardMs = 0;
    if (this.#turn) this.#turn.isAnswered = true;
    if (this.#isTaken) return;
    this.#isTaken = true;
    this.#listener.opened?.();
  }

  #hypothesis(body: string): void {
    const text = readHypothesis(body);
    if (text === undefined) return this.#unreadable('a hypothesis');
    this.#answered();
    if (text === '') return;
    this.#listener.interim(text);
  }

  #phrase(body: string): void {
    const phrase = readPhrase(body);
    if (phrase === undefined) return this.#unreadable('a phrase');
    if (phrase.type === 'refused') return this.#fail(new ProviderError(phrase.code, phrase.status));
    this.#answered();
    if (phrase.type === 'end-of-dictation') return;
    const { start } = this.#backlog;
    this.#forgetUntil(phrase.endsAtMs);
    if (this.#backlog.start > start) this.#newStarts = 0; // a phrase that covers nothing may come over and over again
    if (phrase.type === 'speech') this.#listener.final(phrase.text, phrase.confidence);
    else this.#listener.interim('');
  }

  /** What a phrase covers is not said again: all that was sent, where the service does not say how far it goes. */
  #forgetUntil(endsAtMs: Ms | undefined): void {
    const beginsAt = this.#turn?.beginsAt ?? 0;
    const end = endsAtMs === undefined ? this.#sentUntil : beginsAt + Math.round(endsAtMs * SAMPLES_PER_MS) * 2;
    this.#backlog.dropUntil(Math.min(end, this.#sentUntil));
  }

  /** The service may end a turn whenever it likes; the call goes on in the next one. */
  #turnEnded(): void {
    this.#answered();
    if (++this.#newStarts > MAX_NEW_STARTS) return this.#fail(new ProviderError('stt_refused', 'every turn is ended at once'));
    this.#keepReplay();
    this.#beginTurn(newRequestId());
  }

  #lost({ error, mayReopen }: ConnectionLoss): void {
    if (mayReopen) this.#startOver(error);
    else this.#fail(error);
  }

  #unreadable(what: string): void {
    this.#startOver(new ProviderError('stt_refused', `${what} that cannot be read`));
  }

  #startOver(error: ProviderError): void {
    this.#turn = undefined;
    this.#connection.close();
    if (++this.#newStarts > MAX_NEW_STARTS) return this.#fail(error);
    const { code, details } = error;
    this.#options.log.warn({ code, details, newStarts: this.#newStarts }, 'a recognition goes on over a new connection');
    this.#keepReplay();
    this.#use(this.#options.connect());
  }

  #keepReplay(): void {
    this.#backlog.dropUntil(this.#backlog.end - this.#options.replayMs * BYTES_PER_MS);
  }

  #fail(error: ProviderError): void {
    if (this.#closed) return;
    this.#options.log.warn({ code: error.code, details: error.details }, 'a recognition failed');
    this.close();
    this.#listener.failed(error);
  }
}
