import type { Clock, Ms } from '@carillon/pipeline';

/** Connections that nobody uses are closed after about four seconds. */
const EVERY_MS: Ms = 3_000;

export interface KeepWarmOptions {
  clock: Clock;
  /** Somebody may soon need it. */
  isNeeded(): boolean;
  warm(): void;
}

/** Keeps a connection open while calls are, so that no first answer waits for a handshake. Answers how to end it. */
export function keepWarm({ clock, isNeeded, warm }: KeepWarmOptions): () => void {
  const beat = () => {
    if (isNeeded()) warm();
    timer = clock.setTimer(clock.now() + EVERY_MS, beat);
  };
  let timer = clock.setTimer(clock.now() + EVERY_MS, beat);
  return () => timer.cancel();
}
