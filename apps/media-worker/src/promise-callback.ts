import type { Clock, Ms } from '@carillon/pipeline';
import type { Logger } from '@carillon/platform';
import type { MediaMetrics } from './media-metrics.js';
import type { CallRequests } from './ports.js';

const TRIES = 3;
const PAUSE_MS: Ms = 1_000;

export interface PromiseCallbackOptions {
  requests: Pick<CallRequests, 'callBackLater'>;
  clock: Clock;
  log: Logger;
  metrics: Pick<MediaMetrics, 'callbacksFailed'>;
}

/** The person was told that we call again: that is written down, in a few tries. Never rejects. */
export async function promiseCallback({ requests, clock, log, metrics }: PromiseCallbackOptions): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await requests.callBackLater();
    } catch (error) {
      log.warn({ err: error, tried }, 'another call could not be promised');
    }
    if (tried === TRIES) break;
    await new Promise<void>((resolve) => clock.setTimer(clock.now() + PAUSE_MS, resolve));
  }
  metrics.callbacksFailed.inc();
}
