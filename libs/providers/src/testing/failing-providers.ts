import type { Clock, LlmProvider, SttProvider, TtsProvider } from '@carillon/pipeline';

/** Each request fails after `afterMs`, as the service's refusal takes to come back. */
export function failingLlm(clock: Clock, error: Error, afterMs = 20): LlmProvider & { asked: number } {
  return {
    asked: 0,
    async *stream() {
      this.asked++;
      await new Promise<void>((resolve) => clock.setTimer(clock.now() + afterMs, resolve));
      throw error;
    },
  };
}

export function failingTts(clock: Clock, error: Error, afterMs = 20): TtsProvider & { asked: number } {
  return {
    asked: 0,
    speak(_request, listener) {
      this.asked++;
      const timer = clock.setTimer(clock.now() + afterMs, () => listener.failed(error));
      return { cancel: () => timer.cancel() };
    },
    close: () => undefined,
  };
}

export function failingStt(clock: Clock, error: Error, afterMs = 20): SttProvider & { asked: number } {
  return {
    asked: 0,
    finalP99Ms: 600,
    open(_options, listener) {
      this.asked++;
      const timer = clock.setTimer(clock.now() + afterMs, () => listener.failed(error));
      return { push: () => undefined, close: () => timer.cancel() };
    },
  };
}
