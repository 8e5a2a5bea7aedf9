import type { ForecastBucket, ForecastInput } from './forecast-types.js';

/** Grid of the forecast: what is due within a quarter of an hour is due at its beginning or at that of the next. */
export const STEP_MS = 15 * 60_000;

/** Callbacks before retries before fresh contacts, as the schedule tick claims them. */
export const CONTACT_CLASSES = ['callback', 'retry', 'fresh'] as const;
export type ContactClass = (typeof CONTACT_CLASSES)[number];

/** Contacts, in fractions, by how many calls they may still get: index 0 is one call. */
type Cohort = number[];

/** One bucket on its way through the forecast. A long forecast takes thousands of steps over hundreds of buckets, so sums are kept, not made anew. */
export class BucketFlow {
  private readonly waiting: Record<ContactClass, Cohort> = { callback: [], retry: [], fresh: [] };
  /** By the quarter of an hour in which they become due. */
  private readonly later = new Map<number, Cohort>();
  private dueUntilStep: number;
  private opensMs = Infinity;
  private closesMs = Infinity;
  private due = 0;
  private notYetDue = 0;

  constructor(
    private readonly bucket: ForecastBucket,
    private readonly retry: ForecastInput['retry'],
    startMs: number,
  ) {
    const attempts = Math.max(1, Math.round(retry.maxAttempts));
    const afterOneCall = Math.max(1, attempts - 1);
    this.addDue('callback', 1, bucket.waiting.callback);
    this.addDue('retry', afterOneCall, bucket.waiting.retry);
    this.addDue('fresh', attempts, bucket.waiting.fresh);
    for (const { at, contacts } of bucket.later ?? []) {
      this.addLater(Math.ceil(Math.max(at.getTime(), startMs) / STEP_MS), afterOneCall, contacts);
    }
    this.dueUntilStep = Math.floor(startMs / STEP_MS) - 1;
    this.takeOpening(startMs);
  }

  /** Brings the bucket to an instant: asks for the next opening when the last has closed, and makes due what has become due. */
  moveTo(atMs: number): void {
    if (this.closesMs <= atMs) this.takeOpening(atMs);
    for (const step = Math.floor(atMs / STEP_MS); this.dueUntilStep < step;) {
      const cohort = this.later.get(++this.dueUntilStep);
      this.later.delete(this.dueUntilStep);
      cohort?.forEach((contacts, i) => {
        this.notYetDue = Math.max(0, this.notYetDue - contacts);
        this.addDue('retry', i + 1, contacts);
      });
    }
  }

  get country(): string | null {
    return this.bucket.country;
  }

  isOpen(atMs: number): boolean {
    return this.opensMs <= atMs;
  }

  get neverOpens(): boolean {
    return this.opensMs === Infinity;
  }

  /** The next instant, after the given one, at which it opens or closes. */
  nextChangeMs(atMs: number): number {
    return this.isOpen(atMs) ? this.closesMs : this.opensMs;
  }

  get dueContacts(): number {
    return this.due;
  }

  get laterContacts(): number {
    return this.notYetDue;
  }

  /** Calls up to so many contacts of a class, those with most calls to come first. The share that needs another call comes back after the delay. Returns how many were called. */
  call(contactClass: ContactClass, atMost: number, atMs: number): number {
    const waiting = this.waiting[contactClass];
    let room = atMost;
    for (let left = waiting.length; left >= 1 && room > 0; left--) {
      const called = Math.min(waiting[left - 1] ?? 0, room);
      if (called === 0) continue;
      waiting[left - 1] = (waiting[left - 1] ?? 0) - called;
      room -= called;
      if (left > 1) this.comeBack(called * this.retry.againShare, left - 1, atMs);
    }
    this.due = Math.max(0, this.due - (atMost - room));
    return atMost - room;
  }

  private comeBack(contacts: number, callsLeft: number, atMs: number): void {
    const step = Math.max(Math.ceil((atMs + this.retry.delayMs) / STEP_MS), Math.floor(atMs / STEP_MS) + 1);
    this.addLater(step, callsLeft, contacts);
  }

  private addLater(step: number, callsLeft: number, contacts: number): void {
    const cohort = this.later.get(step) ?? [];
    addTo(cohort, callsLeft, contacts);
    this.later.set(step, cohort);
    this.notYetDue += contacts;
  }

  private addDue(contactClass: ContactClass, callsLeft: number, contacts: number): void {
    addTo(this.waiting[contactClass], callsLeft, contacts);
    this.due += contacts;
  }

  /** An opening that has closed already counts as none: asking on would never end. */
  private takeOpening(atMs: number): void {
    const opening = this.bucket.nextOpening(new Date(atMs));
    const isAhead = opening !== null && opening.closesAt.getTime() > atMs;
    this.opensMs = isAhead ? opening.opensAt.getTime() : Infinity;
    this.closesMs = isAhead ? opening.closesAt.getTime() : Infinity;
  }
}

function addTo(cohort: Cohort, callsLeft: number, contacts: number): void {
  while (cohort.length < callsLeft) cohort.push(0);
  cohort[callsLeft - 1] = (cohort[callsLeft - 1] ?? 0) + contacts;
}
