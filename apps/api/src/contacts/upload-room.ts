import { CarillonError } from '@carillon/contracts';

/** Uploads that are read at one time; each holds a connection to Postgres now and then, and a large one a thread. */
const IMPORTS_AT_ONCE = 6;
/** A dry run holds its connection for as long as its file takes to come. With the imports: the connections of the store's pool for bulk work. */
const DRY_RUNS_AT_ONCE = 2;
/** Most uploads are over in seconds: a short wait saves the client a second try. */
const WAIT_MS = 20_000;

export interface UploadRooms {
  imports: UploadRoom;
  dryRuns: UploadRoom;
}

export function openUploadRooms(waitMs = WAIT_MS): UploadRooms {
  return { imports: new UploadRoom(IMPORTS_AT_ONCE, waitMs), dryRuns: new UploadRoom(DRY_RUNS_AT_ONCE, waitMs) };
}

/** So many at a time; who comes then waits, in the order of arrival, until a place is free or the wait is over. */
export class UploadRoom {
  #free: number;
  readonly #waitMs: number;
  readonly #queue = new Set<() => void>();

  constructor(places: number, waitMs: number) {
    this.#free = places;
    this.#waitMs = waitMs;
  }

  /** Throws `too_many_uploads` when no place becomes free in time. */
  async enter<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#takePlace();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #takePlace(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const called = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#queue.delete(called);
        reject(
          new CarillonError('too_many_uploads', [
            { field: 'file', message: 'Other uploads are still being read; send the file again later' },
          ]),
        );
      }, this.#waitMs);
      this.#queue.add(called);
    });
  }

  /** The place goes to who has waited longest. */
  #leave(): void {
    const [next] = this.#queue;
    if (!next) {
      this.#free += 1;
      return;
    }
    this.#queue.delete(next);
    next();
  }
}
