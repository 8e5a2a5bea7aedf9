import type { Clock } from '@carillon/pipeline';
import type { Logger } from '@carillon/platform';
import type { MediaOwner } from '@carillon/store';
import type { CallDirectory, CallSnapshots } from './ports.js';

export interface LostLineOptions {
  directory: Pick<CallDirectory, 'giveUpLine'>;
  snapshots: CallSnapshots;
  clock: Clock;
  log: Logger;
  /** Aborts when the worker closes: nothing is waited for any more. */
  closing: AbortSignal;
  /** Our books had no other reason for this call to end. */
  onDropped(): void;
  hangUp(): Promise<void>;
}

/**
 * A callee who hung up closes the socket, and so does a carrier in trouble: then nobody would end the phone call. Waits `graceMs` for another socket
 * of it, here or elsewhere. A worker that stops meanwhile leaves it to the dialer's reaper, and to another worker the time to take it. Never rejects.
 */
export async function hangUpIfLeftOpen(options: LostLineOptions, owner: MediaOwner, graceMs: number): Promise<void> {
  const { directory, snapshots, clock, log, closing, onDropped, hangUp } = options;
  await pause(clock, graceMs, closing);
  if (closing.aborted) return;
  try {
    const given = await directory.giveUpLine(owner);
    if (given === 'lost') onDropped();
    if (given !== 'left') await hangUp();
    await snapshots.keep(owner, null, 0); // whoever goes on has a later epoch: theirs stays
  } catch (error) {
    log.warn({ err: error }, 'nobody knows whether the call goes on');
  }
}

function pause(clock: Clock, durationMs: number, cutShort: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      timer.cancel();
      cutShort.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.setTimer(clock.now() + durationMs, end);
    cutShort.addEventListener('abort', end);
    if (cutShort.aborted) end();
  });
}
