import type { Clock, TtsListener, TtsProvider, TtsRequest } from '@carillon/pipeline';
import type { SpeechEngines } from '@carillon/simulator/engines';

const TTFB_MS = 150;

/** The agent speaks in a real voice, so that its echo is speech. What was said once is kept: only the first call waits for the synthesiser. */
export class SpokenTts implements TtsProvider {
  private readonly spoken = new Map<string, Promise<Int16Array>>();

  constructor(
    private readonly engines: Pick<SpeechEngines, 'synthesise'>,
    private readonly clock: Clock,
  ) {}

  speak({ text }: TtsRequest, listener: TtsListener): { cancel(): void } {
    let cancelled = false;
    const speaking = this.spoken.get(text) ?? this.engines.synthesise(text, 'slt');
    this.spoken.set(text, speaking);
    const timer = this.clock.setTimer(this.clock.now() + TTFB_MS, () => {
      speaking.then(
        (pcm) => {
          if (cancelled) return;
          listener.audio(pcm);
          listener.done();
        },
        (error: Error) => listener.failed(error),
      );
    });
    return {
      cancel: () => {
        cancelled = true;
        timer.cancel();
      },
    };
  }

  close(): void {
    this.spoken.clear();
  }
}
