import { CarillonError } from '@carillon/contracts';

/** Imports that are read at one time; each holds a connection to Postgres now and then, and a large one a thread. */
const IMPORTS = { places: 6, perTenant: 3 };
/** A dry run holds its connection for as long as its file takes to come. With the imports: the connections of the store's pool for bulk work. */
const DRY_RUNS = { places: 2, perTenant: 1 };
/** Kept for the blacklist: who must not be called any more does not wait behind who shall be. */
const BLACKLISTS = { places: 2, perTenant: 1 };
/** Most uploads are over in seconds: a short wait saves the client a second try. */
const WAIT_MS = 20_000;

export interface UploadRooms {
  imports: UploadRoom;
  dryRuns: UploadRoom;
  blacklists: UploadRoom;
}

export function openUploadRooms(waitMs = WAIT_MS): UploadRooms {
  const room = (size: RoomSize) => new UploadRoom(size, waitMs);
  return { imports: room(IMPORTS), dryRuns: room(DRY_RUNS), blacklists: room(BLACKLISTS) };
}

interface RoomSize {
  places: number;
  /** Fewer than there are: a tenant with many files, or slow ones, leaves room for the others. */
  perTenant: number;
}

interface Waiting {
  tenantId: string;
  call(): void;
}

/** So many at a time, and so many of one tenant; who comes then waits, in the order of arrival, until a place is free or the wait is over. */
export class UploadRoom {
  readonly #size: RoomSize;
  readonly #waitMs: number;
  readonly #inside = new Map<string, number>();
  readonly #queue = new Set<Waiting>();

  constructor(size: RoomSize, waitMs: number) {
    this.#size = size;
    this.#waitMs = waitMs;
  }

  /** Throws `too_many_uploads` when no place becomes free in time. */
  async enter<Result>(tenantId: string, work: () => Promise<Result>): Promise<Result> {
    if (this.#hasRoomFor(tenantId)) this.#count(tenantId, 1);
    else await this.#placeInTime(tenantId);
    try {
      return await work();
    } finally {
      this.#leave(tenantId);
    }
  }

  #hasRoomFor(tenantId: string): boolean {
    const { places, perTenant } = this.#size;
    const taken = [...this.#inside.values()].reduce((sum, each) => sum + each, 0);
    return taken < places && this.#of(tenantId) < perTenant;
  }

  #placeInTime(tenantId: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        tenantId,
        call() {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.#queue.delete(waiting);
        const whose = this.#of(tenantId) >= this.#size.perTenant ? 'Your other' : 'Other';
        reject(
          new CarillonError('too_many_uploads', [
            { field: 'file', message: `${whose} uploads are still being read; send the file again later` },
          ]),
        );
      }, this.#waitMs);
      this.#queue.add(waiting);
    });
  }

  /** The place goes to who has waited longest, of the tenants that have room. */
  #leave(tenantId: string): void {
    this.#count(tenantId, -1);
    for (const waiting of this.#queue) {
      if (!this.#hasRoomFor(waiting.tenantId)) continue;
      this.#queue.delete(waiting);
      this.#count(waiting.tenantId, 1);
      waiting.call();
    }
  }

  #of(tenantId: string): number {
    return this.#inside.get(tenantId) ?? 0;
  }

  #count(tenantId: string, by: number): void {
    const now = this.#of(tenantId) + by;
    if (now > 0) this.#inside.set(tenantId, now);
    else this.#inside.delete(tenantId);
  }
}
