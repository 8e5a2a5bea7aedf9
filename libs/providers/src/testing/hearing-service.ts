import { ScriptedStt } from '@carillon/testing';
import type { ReceivedFrame, ScriptedSpeechServer } from './scripted-speech-server.js';

const FRAME_BYTES = 640;
const TICKS_PER_FRAME = 200_000;
const WAVE_HEADER_BYTES = 44;

/** Has the scripted service hear one of these utterances in each stretch of loud frames, whatever turn or connection it comes in. */
export function hearUtterances(server: ScriptedSpeechServer, utterances: readonly string[]): void {
  const script = new ScriptedStt({ utterances });
  let turn: HeardTurn | undefined;
  server.script = (frame) => {
    if (frame.path !== 'audio') return;
    if (turn?.requestId !== frame.requestId) turn = new HeardTurn(frame, script);
    turn.push(frame.body);
  };
}

class HeardTurn {
  readonly requestId: string;
  readonly #stream: { push(frame: Int16Array): void };
  #rest: Buffer = Buffer.alloc(0);
  #frames = 0;

  constructor({ requestId, client }: ReceivedFrame, script: ScriptedStt) {
    this.requestId = requestId;
    const times = () => ({ Offset: 0, Duration: this.#frames * TICKS_PER_FRAME });
    client.send('turn.start', requestId, { context: { serviceTag: 'x' } });
    this.#stream = script.open(
      { language: 'en-US', phrases: [] },
      {
        interim: (text) => client.send('speech.hypothesis', requestId, { Id: '1', Text: text, ...times() }),
        final: (text, confidence) =>
          client.send('speech.phrase', requestId, {
            ...{ Id: '2', RecognitionStatus: 'Success', DisplayText: text, ...times() },
            NBest: [{ Confidence: confidence, Lexical: text, ITN: text, MaskedITN: text, Display: text }],
          }),
        failed: () => undefined,
      },
    );
  }

  push(body: Buffer): void {
    const samples = body.toString('latin1', 0, 4) === 'RIFF' ? body.subarray(WAVE_HEADER_BYTES) : body;
    const bytes = Buffer.concat([this.#rest, samples]);
    let at = 0;
    for (; at + FRAME_BYTES <= bytes.length; at += FRAME_BYTES) {
      this.#frames++;
      this.#stream.push(Int16Array.from({ length: FRAME_BYTES / 2 }, (_, index) => bytes.readInt16LE(at + index * 2)));
    }
    this.#rest = bytes.subarray(at);
  }
}
