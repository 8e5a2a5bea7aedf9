import type { SpeechSocket } from '@carillon/simulator/speech-socket';
import { CuedRecogniser, type CuedUtterance } from '../voice/cued-recogniser.js';
import { FRAME_SAMPLES } from '../voice/phone.js';

const FRAME_BYTES = FRAME_SAMPLES * 2;
const WAVE_HEADER_BYTES = 44;

/** One client of the recognition service, in the cloud's protocol, with the delays of the script. */
export class RecognitionService {
  private requestId = '';
  private recogniser: CuedRecogniser;
  private rest: Buffer = Buffer.alloc(0);

  constructor(
    private readonly socket: SpeechSocket,
    utterances: readonly CuedUtterance[],
  ) {
    this.recogniser = new CuedRecogniser((cue) => utterances[cue], {
      interim: (text) => this.tell('speech.hypothesis', { Text: text }),
      final: (text) => {
        const best = { Confidence: 0.9, Lexical: text, ITN: text, MaskedITN: text, Display: text };
        this.tell('speech.phrase', { RecognitionStatus: 'Success', DisplayText: text, NBest: [best] });
      },
    });
    socket.listen(
      (frame) => {
        if (frame.path === 'audio') this.hear(frame.requestId, Buffer.from(frame.body));
      },
      () => undefined,
    );
  }

  private hear(requestId: string, audio: Buffer): void {
    if (requestId !== this.requestId) {
      this.requestId = requestId;
      this.socket.send('turn.start', requestId, { context: { serviceTag: requestId } });
    }
    const samples = audio.toString('latin1', 0, 4) === 'RIFF' ? audio.subarray(WAVE_HEADER_BYTES) : audio;
    const bytes = Buffer.concat([this.rest, samples]);
    let at = 0;
    for (; at + FRAME_BYTES <= bytes.length; at += FRAME_BYTES) this.recogniser.push(frameAt(bytes, at));
    this.rest = bytes.subarray(at);
  }

  private tell(path: string, body: object): void {
    this.socket.send(path, this.requestId, { ...body, Offset: 0, Duration: 0 });
  }
}

function frameAt(bytes: Buffer, at: number): Int16Array {
  return Int16Array.from({ length: FRAME_SAMPLES }, (_, index) => bytes.readInt16LE(at + index * 2));
}
