/** Every time that the engine's promises hang on, milliseconds. docs/architecture.md, "The life of one call", says how they fit together. */
export const deadlines = {
  /** A claimed contact whose dial job has not begun by then goes back to waiting; nothing is posted after it. */
  reservationMs: 15_000,
  /** A createCall whose answer nobody has seen by then is `unknown`. Longer than {@link placeMs} and than the dial job may run. */
  dialingMs: 30_000,
  /** For the carrier's answer to createCall. */
  placeMs: 15_000,
  /** An unknown call is posted again under its own repeatability id no sooner than this after the last try. */
  repeatMs: 20_000,
  /**
   * After this without evidence an unknown call is given up. The carrier forgets repeatability ids after 5 minutes; no repeat may come near that, and a
   * call that was placed is set up (115 s at most), rung (a minute) and told of by then.
   */
  evidenceMs: 240_000,
  /** How far ahead a rate may put a call; it waits so long in its job. Well within {@link reservationMs}. */
  rateWaitMs: 3_000,
  /** No slot was free: when the contact is looked at again. */
  noSlotMs: 1_000,
  /** The person is in another call, or the gate said no. */
  busyMs: 30_000,
  /** The carrier throttled us and named no time. */
  throttledMs: 5_000,
  /** However long the carrier asks us to keep still, we look again after this. */
  longestThrottleMs: 60_000,
  /** The carrier refused a call for our configuration: when its scheduled call is tried again. */
  misconfiguredMs: 300_000,
  /** What a call may take beyond ringing and talking, before what is kept for it expires: set-up and {@link evidenceMs}. */
  callMarginMs: 300_000,
  /** Of calls for later, which belong to no campaign: as a call from the API, and a minute's patience for a slot. */
  scheduledCall: { ringTimeoutMs: 30_000, maxCallMs: 900_000, patienceMs: 60_000 },
  /** A call that lasts this much longer than it may is hung up: the media worker, whose business it is, must be gone. */
  overlongMs: 30_000,
  /**
   * A call that its media worker let go of and no other one took is hung up: its person hears nothing. The worker does so itself after 5 s, and where the
   * carrier was putting the person through after 20; this is for those whose worker stopped meanwhile.
   */
  lineLostMs: 30_000,
  /**
   * A call whose worker does not beat goes on for as long after the beginning of the last line that was written of it: the worker may be cut off from Redis alone. A line is written at
   * its end, so this is longer than a person's longest utterance (30 s), the wait for an answer (15 s) and a long line of the agent.
   */
  quietMs: 90_000,
  /** A call we hung up and whose end the carrier does not tell is ended in our books. */
  hangUpMs: 60_000,
  /** A hang-up that fails is tried again with its event until the event is this old. */
  hangUpAgainMs: 600_000,
  /** How long the wrap-up waits for the media worker's last turn. */
  mediaCloseMs: 15_000,
  /** …and for events of the carrier that came in and are not applied: whoever should have done it may have died. */
  eventPatienceMs: 60_000,
  /** What should have been taken up by then is offered again. */
  forgottenMs: 5_000,
  /** A cancelled campaign is looked after for so long: uploads and calls that were under way are over by then. */
  cancelledMs: 86_400_000,
  /** A synthesis that is not there by then is asked for again… */
  synthesisMs: 90_000,
  /** …but not for a call that is older than this. */
  synthesisAgeMs: 3_600_000,
} as const;

/** How long slot and context of a call are kept for it. */
export function callExpiryMs({ ringTimeoutMs, maxCallMs }: { ringTimeoutMs: number; maxCallMs: number }): number {
  return ringTimeoutMs + maxCallMs + deadlines.callMarginMs;
}
