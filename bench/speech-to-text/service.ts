import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SpeechSocket } from '@carillon/simulator/speech-socket';
import { WebSocketServer } from 'ws';
import { answerParent } from '../voice/child-process.js';
import { percentile } from '../voice/figures.js';
import type { ServiceReport } from './messages.js';
import { FRAME_BYTES, machineNowMs, readStamp } from './stamped-frame.js';

const WAVE_HEADER_BYTES = 44;
const TICKS_PER_FRAME = 200_000;
const INTERIM_EVERY_FRAMES = 5;
const FINAL_EVERY_FRAMES = 150;
const WORDS = 'well let me see i think it was in the middle of march or so'.split(' ');

let delays: number[] = [];
let opens: number[] = [];

/** A recogniser that always hears somebody: an interim transcript each 100 ms of audio, a final one each 3 s. */
class RecognitionService {
  private requestId = '';
  private rest: Buffer = Buffer.alloc(0);
  /** Of the turn. */
  private frames = 0;
  private phraseFrom = 0;
  private isNew = true;

  constructor(private readonly socket: SpeechSocket) {
    socket.listen(
      (frame) => {
        if (frame.path === 'audio') this.hear(frame.requestId, frame.body as Buffer);
      },
      () => undefined,
    );
  }

  private hear(requestId: string, audio: Buffer): void {
    if (audio.length === 0) return this.socket.send('turn.end', requestId, {});
    if (requestId !== this.requestId) this.beginTurn(requestId);
    const samples = audio.toString('latin1', 0, 4) === 'RIFF' ? audio.subarray(WAVE_HEADER_BYTES) : audio;
    const bytes = this.rest.length === 0 ? samples : Buffer.concat([this.rest, samples]);
    let at = 0;
    for (; at + FRAME_BYTES <= bytes.length; at += FRAME_BYTES) this.take(machineNowMs() - readStamp(bytes, at));
    this.rest = bytes.subarray(at);
  }

  private beginTurn(requestId: string): void {
    this.requestId = requestId;
    this.frames = 0;
    this.phraseFrom = 0;
    this.socket.send('turn.start', requestId, { context: { serviceTag: requestId } });
  }

  private take(delayMs: number): void {
    (this.isNew ? opens : delays).push(delayMs);
    this.isNew = false;
    this.frames++;
    const times = { Offset: this.phraseFrom * TICKS_PER_FRAME, Duration: (this.frames - this.phraseFrom) * TICKS_PER_FRAME, Channel: 0 };
    if (this.frames - this.phraseFrom === FINAL_EVERY_FRAMES) this.tellFinal(times);
    else if (this.frames % INTERIM_EVERY_FRAMES === 0) {
      const known = 1 + Math.floor(((this.frames - this.phraseFrom) / FINAL_EVERY_FRAMES) * (WORDS.length - 1));
      this.socket.send('speech.hypothesis', this.requestId, { Id: 'interim', Text: WORDS.slice(0, known).join(' '), ...times });
    }
  }

  private tellFinal(times: object): void {
    this.phraseFrom = this.frames;
    const text = WORDS.join(' ');
    const best = { Confidence: 0.9, Lexical: text, ITN: text, MaskedITN: text, Display: text };
    this.socket.send('speech.phrase', this.requestId, {
      ...{ Id: 'final', RecognitionStatus: 'Success', DisplayText: text, NBest: [best], ...times },
    });
  }
}

const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const server = createServer();
server.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (webSocket) => new RecognitionService(new SpeechSocket(webSocket, {})));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
answerParent(
  {
    measure: () => void ((delays = []), (opens = [])),
    opened: () => ({ openP50Ms: percentile(opens.splice(0), 0.5) }),
    report: (): Omit<ServiceReport, 'openP50Ms'> => ({
      frames: delays.length,
      delayP50Ms: percentile(delays, 0.5),
      delayP95Ms: percentile(delays, 0.95),
    }),
  },
  async () => {
    for (const client of sockets.clients) client.terminate();
    server.close();
    await once(server, 'close');
  },
);
process.send?.({ type: 'ready', url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/stt/speech/universal/v2` });
