import { Worker } from 'node:worker_threads';
import { blockReader, type BlockRules, type ReadBlock, transferables } from './read-block.js';
import type { RecordBlock } from './record-cutter.js';
import { releaseBuffer } from './release-buffer.js';

/** One is being read, one waits for the thread. */
const BLOCKS_IN_HAND = 2;
/** Megabytes a thread may use: its garbage is short-lived, and a small nursery keeps the process small. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 128 };

/**
 * What the blocks of an upload come to, in their order. The first is read here and at once: most uploads are small and have no other. The others are
 * read in a thread while those before are stored; one thread reads three times what one connection to Postgres takes. When `rest` fails, what
 * came before is answered first, and then its error thrown. A block is gone once the next one is asked for.
 */
export async function* readBlocks(first: RecordBlock, rest: AsyncIterator<RecordBlock>, rules: BlockRules): AsyncGenerator<ReadBlock> {
  let thread: BlockThread | undefined;
  const ahead = new ReadAhead(rest, (block) => (thread ??= new BlockThread(rules)).read(block));
  try {
    ahead.fill();
    yield blockReader(rules)(first);
    for await (const block of ahead.results()) {
      yield block;
      for (const buffer of transferables(block)) releaseBuffer(buffer);
    }
  } finally {
    await thread?.close();
  }
}

/** Keeps a few blocks in work while the results are being stored. */
class ReadAhead {
  readonly #blocks: AsyncIterator<RecordBlock>;
  readonly #read: (block: RecordBlock) => Promise<ReadBlock>;
  readonly #reading: Promise<ReadBlock>[] = [];
  #pulling: Promise<void> | null = null;
  #ended = false;
  #failure: { error: unknown } | null = null;

  constructor(blocks: AsyncIterator<RecordBlock>, read: (block: RecordBlock) => Promise<ReadBlock>) {
    this.#blocks = blocks;
    this.#read = read;
  }

  async *results(): AsyncGenerator<ReadBlock> {
    for (;;) {
      this.fill();
      const oldest = this.#reading.shift();
      if (oldest) yield await oldest;
      else if (this.#pulling) await this.#pulling;
      else break;
    }
    if (this.#failure) throw this.#failure.error;
  }

  /** Takes the next block as long as there is room, and goes on by itself. */
  fill(): void {
    if (this.#ended || this.#pulling || this.#reading.length >= BLOCKS_IN_HAND) return;
    this.#pulling = this.#blocks
      .next()
      .then(
        ({ done, value }) => {
          if (done) this.#ended = true;
          else this.#reading.push(heldBack(this.#read(value as RecordBlock)));
        },
        (error: unknown) => {
          this.#failure = { error };
          this.#ended = true;
        },
      )
      .then(() => {
        this.#pulling = null;
        this.fill();
      });
  }
}

/** The same promise; a rejection that nobody waits for yet must not end the process. */
function heldBack<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}

/** Under Jest this file is TypeScript, and so is the thread's: Node strips its types, and this hook leads its imports to the sources. */
const FROM_SOURCE = import.meta.url.endsWith('.ts');
const SOURCE_HOOK = `import { registerHooks } from 'node:module';
registerHooks({ resolve: (name, context, next) => {
  const source = context.parentURL?.endsWith('.ts') && /^\\.\\.?\\//.test(name) ? name.replace(/\\.js$/, '.ts') : name;
  return next(source, { ...context, conditions: ['@carillon/source', ...context.conditions] });
} });`;

interface Waiting {
  resolve(block: ReadBlock): void;
  reject(error: Error): void;
}

class BlockThread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #failure: Error | null = null;

  constructor(rules: BlockRules) {
    this.#worker = new Worker(new URL(`./block-thread.${FROM_SOURCE ? 'ts' : 'js'}`, import.meta.url), {
      workerData: rules,
      resourceLimits: THREAD_LIMITS,
      execArgv: FROM_SOURCE ? ['--import', `data:text/javascript,${encodeURIComponent(SOURCE_HOOK)}`] : [],
    });
    this.#worker.on('message', (block: ReadBlock) => this.#waiting.shift()?.resolve(block));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('it has ended')));
  }

  /** Answers come in the order of the blocks. Rejects when the thread has died. */
  read(block: RecordBlock): Promise<ReadBlock> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(block, [block.bytes.buffer]);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(cause: unknown): void {
    this.#failure ??= new Error('a thread of the import has stopped', { cause });
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}
