/** So many requests to the model at a time: it is there for the conversations first. */
const AT_A_TIME = 2;
/** More than this is not kept waiting: the next call that needs it asks again. */
const MAX_WAITING = 200;

export interface TranslationJob {
  readonly language: string;
  /** A phone rings already. May become so while the job waits. */
  urgent: boolean;
}

interface Waiting {
  job: TranslationJob;
  begin(): void;
  skip(): void;
}

/** Lets work on translations through: one piece per language, the urgent ones first. */
export class TranslationQueue {
  private readonly waiting: Waiting[] = [];
  private readonly busy = new Set<string>();

  /** Resolves with true when the work is done, with false when there was no room for it. Rejects as the work does. */
  async run(job: TranslationJob, work: () => Promise<void>): Promise<boolean> {
    if (!(await this.turnOf(job))) return false;
    try {
      await work();
      return true;
    } finally {
      this.busy.delete(job.language);
      this.next();
    }
  }

  /** Nothing that waits begins any more. */
  stop(): void {
    for (const { skip } of this.waiting.splice(0)) skip();
  }

  private turnOf(job: TranslationJob): Promise<boolean> {
    if (this.waiting.length >= MAX_WAITING && !this.makeRoomFor(job)) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.waiting.push({ job, begin: () => resolve(true), skip: () => resolve(false) });
      this.next();
    });
  }

  /** The newest of those that nobody's phone rings for is asked for again by the next call. */
  private makeRoomFor({ urgent }: TranslationJob): boolean {
    const at = urgent ? this.waiting.findLastIndex(({ job }) => !job.urgent) : -1;
    if (at < 0) return false;
    for (const { skip } of this.waiting.splice(at, 1)) skip();
    return true;
  }

  private next(): void {
    while (this.busy.size < AT_A_TIME) {
      const free = this.waiting.filter(({ job }) => !this.busy.has(job.language));
      const chosen = free.find(({ job }) => job.urgent) ?? free[0];
      if (chosen === undefined) return;
      this.waiting.splice(this.waiting.indexOf(chosen), 1);
      this.busy.add(chosen.job.language);
      chosen.begin();
    }
  }
}
