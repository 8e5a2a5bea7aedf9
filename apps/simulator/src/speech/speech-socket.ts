import type { WebSocket } from 'ws';
import { audioFrame, parseSpeechFrame, textFrame, type SpeechFrame } from './speech-frames.js';
import type { SpeechFaults } from './speech-faults.js';

/** One client's connection, as messages. */
export class SpeechSocket {
  readonly #socket: WebSocket;
  readonly #faults: SpeechFaults;

  constructor(socket: WebSocket, faults: SpeechFaults) {
    this.#socket = socket;
    this.#faults = faults;
    if (faults.dropAfterMs === undefined) return;
    const timer = setTimeout(() => this.#drop(), faults.dropAfterMs);
    socket.once('close', () => clearTimeout(timer));
  }

  /** What is no message of the protocol closes the connection. */
  listen(onFrame: (frame: SpeechFrame) => void, onClosed: () => void): void {
    this.#socket.on('message', (data, isBinary) => {
      const frame = parseSpeechFrame(data, isBinary);
      if (frame) onFrame(frame);
      else this.refuse('the message has no Path or no X-RequestId');
    });
    this.#socket.on('error', () => undefined); // a close follows
    this.#socket.once('close', onClosed);
  }

  send(path: string, requestId: string, body: object): void {
    if (this.#faults.mute || (this.#faults.withoutTurnEnd && path === 'turn.end')) return;
    const frame = textFrame(path, requestId, body);
    this.#write(this.#faults.malformNext ? frame.replace(/X-RequestId:.*\r\n/, '') : frame);
    this.#faults.malformNext = false;
  }

  sendAudio(requestId: string, streamId: string, audio: Buffer): void {
    if (!this.#faults.mute) this.#write(audioFrame(requestId, streamId, audio));
  }

  /** The client asked for something that cannot be; 1007 is what makes the SDK report bad parameters. */
  refuse(reason: string): void {
    this.#socket.close(1007, reason);
  }

  #write(frame: string | Buffer): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(frame);
  }

  #drop(): void {
    if (this.#faults.dropCode === undefined) this.#socket.terminate();
    else this.#socket.close(this.#faults.dropCode);
  }
}
