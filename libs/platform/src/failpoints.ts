import type { Logger } from './logger.js';

/**
 * Places between two steps at which a crash leaves something behind for others to mend. Each is named after what has just been done, or is about to
 * be: `before` and `after` are those of the commit, post or write in the name.
 */
export const FAILPOINTS = [
  /** Contacts are claimed, and the transaction is still open. */
  'claim.before-commit',
  /** Claims are committed; no dial job is enqueued. */
  'claim.after-commit',
  /** The call holds its slot and leases; its row is still `reserved`. */
  'dial.admitted',
  /** `reserved → dialing` is written, and not committed. */
  'dial.before-commit',
  /** `dialing` is committed; nothing has left for the carrier. */
  'dial.after-commit',
  /** The carrier has answered; its answer is not in the ledger. */
  'dial.after-post',
  'event.before-apply',
  /** The fact is in the ledger; the event is not marked as processed. */
  'event.after-apply',
  'wrap-up.before-commit',
  /** Contact final, person free; slot, synthesis and end of campaign are still to come. */
  'wrap-up.after-commit',
  /** An event of the carrier was checked and is not in the inbox. */
  'inbox.before-write',
  /** It is in the inbox; it is not queued, and the carrier has no answer. */
  'inbox.after-write',
  /** A media worker owns the call; nothing was said. */
  'media.bound',
  /** The conversation is over; its last words are not written. */
  'media.before-close',
] as const;
export type FailpointName = (typeof FAILPOINTS)[number];

export interface ArmedFailpoint {
  name: FailpointName;
  /** That it strikes each time the process comes there. */
  probability: number;
  /** `freeze`: stands still until somebody lets it go on with SIGCONT, and then does so where it was. */
  effect: 'kill' | 'freeze';
}

/** Called at each failpoint; does nothing unless a fault drill has armed it. Where one strikes it does not return, or much later. */
export type ReachFailpoint = (name: FailpointName) => void;

/** For all that is not in a drill. */
export const noFailpoints: ReachFailpoint = () => undefined;

export interface FailpointOptions {
  armed: readonly ArmedFailpoint[];
  log: Pick<Logger, 'warn'>;
  /** In [0, 1). */
  random?: () => number;
  strike?: (effect: ArmedFailpoint['effect']) => void;
}

/** Failpoints for fault drills: by chance a process that reaches an armed one ends as in a crash, with nothing closed or flushed, or stands still. */
export function createFailpoints({ armed, log, random = Math.random, strike = strikeOurselves }: FailpointOptions): ReachFailpoint {
  if (armed.length === 0) return noFailpoints;
  return (name) => {
    const struck = armed.find((failpoint) => failpoint.name === name && random() < failpoint.probability);
    if (!struck) return;
    log.warn({ failpoint: name, effect: struck.effect }, 'a failpoint strikes');
    strike(struck.effect);
  };
}

function strikeOurselves(effect: ArmedFailpoint['effect']): void {
  process.kill(process.pid, effect === 'kill' ? 'SIGKILL' : 'SIGSTOP');
  // Not one more instruction of ours until the signal has arrived.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
}
