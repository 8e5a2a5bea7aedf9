import type { SttListener, SttProvider, SttStream } from '@carillon/pipeline';
import { CuedRecogniser, type CuedUtterance } from '../voice/cued-recogniser.js';

/** The cued recogniser in the worker's own process. */
export class CuedStt implements SttProvider {
  readonly finalP99Ms = 600;

  constructor(private readonly lookUp: (cue: number) => CuedUtterance | undefined) {}

  open(_options: { language: string; phrases: readonly string[] }, listener: SttListener): SttStream {
    let open = true;
    const recogniser = new CuedRecogniser(this.lookUp, {
      interim: (text) => listener.interim(text),
      final: (text) => listener.final(text, 0.9),
    });
    return {
      push: (frame) => {
        if (open) recogniser.push(frame);
      },
      close: () => void (open = false),
    };
  }
}
