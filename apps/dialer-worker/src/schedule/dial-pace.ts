/** Of dialing, no more than this lies in the queue: a pause, a new limit or a lost Redis reaches everything that lies there. */
const QUEUED_MS = 2_000;
/** Calls that may lie there before it is known how fast they are dialed, and at least. */
const FIRST_CALLS = 100;
/** A queue that runs dry shows that more could be dialed. */
const GROWTH = 1.5;

/** How many calls may be claimed so that they are dialed within seconds, by how fast reserved calls have been leaving the queue. */
export interface DialPace {
  roomFor(reserved: number, now: Date): number;
  claimed(calls: number, now: Date): void;
}

export function createDialPace(): DialPace {
  /** What was claimed, and how many were reserved before that. */
  let looks: { at: number; reserved: number; claimed: number }[] = [];
  return {
    roomFor(reserved, now) {
      const at = now.getTime();
      looks = looks.filter((look) => at - look.at <= QUEUED_MS);
      const [first] = looks;
      looks.push({ at, reserved, claimed: 0 });
      if (!first) return Math.max(0, FIRST_CALLS - reserved);
      const left = first.reserved + looks.reduce((sum, look) => sum + look.claimed, 0) - reserved;
      const perQueue = (left * QUEUED_MS) / Math.max(1, at - first.at);
      return Math.max(0, Math.ceil(Math.max(FIRST_CALLS, perQueue * GROWTH)) - reserved);
    },
    claimed(calls, now) {
      const look = looks.findLast(({ at }) => at === now.getTime());
      if (look) look.claimed += calls;
    },
  };
}
