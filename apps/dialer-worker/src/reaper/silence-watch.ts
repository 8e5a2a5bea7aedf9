/** What one look can prove at most: while nobody looks, Redis may have been away, and then nobody's heartbeat was heard. */
const MOST_PER_LOOK_MS = 10_000;

interface Watched {
  /** The last heartbeat; only compared, so that no clock but ours matters. */
  beat: number;
  silentMs: number;
  /** Nothing is left to be done for it. */
  settled: boolean;
}

/**
 * Which media workers have gone. A heartbeat that is old proves nothing: Redis was away, or is an older copy of itself. So a worker counts as silent only for as long as we have seen
 * its heartbeat stand still ourselves, look after look. One that lives and reaches Redis beats every two seconds.
 */
export class SilenceWatch {
  private watched = new Map<string, Watched>();
  private lookedAt: Date | null = null;

  constructor(private readonly goneAfterMs: number) {}

  /** Those that are gone and not settled. */
  look(beats: ReadonlyMap<string, number>, now: Date): Set<string> {
    const passedMs = this.lookedAt ? Math.min(now.getTime() - this.lookedAt.getTime(), MOST_PER_LOOK_MS) : 0;
    const before = this.watched;
    this.lookedAt = now;
    this.watched = new Map([...beats].map(([holder, beat]) => [holder, watch(before.get(holder), beat, passedMs)]));
    const gone = [...this.watched].filter(([, { silentMs, settled }]) => !settled && silentMs >= this.goneAfterMs);
    return new Set(gone.map(([holder]) => holder));
  }

  /** It holds no call any more; should it beat again, it is watched anew. */
  settle(holder: string): void {
    const watched = this.watched.get(holder);
    if (watched) watched.settled = true;
  }

  /** Redis did not answer: whoever is silent may not have been heard. */
  forget(): void {
    this.watched.clear();
    this.lookedAt = null;
  }
}

function watch(before: Watched | undefined, beat: number, passedMs: number): Watched {
  if (before?.beat !== beat) return { beat, silentMs: 0, settled: false };
  return { ...before, silentMs: before.silentMs + passedMs };
}
