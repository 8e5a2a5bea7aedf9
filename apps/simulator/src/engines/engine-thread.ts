import { Worker, type Transferable } from 'node:worker_threads';

/** Where the engines lie on disk, as `tools/speech-engines.mjs` answers. */
export interface EnginePaths {
  libraryDir: string;
  modelDir: string;
}

/** What goes to a thread, and what a thread says without being asked. */
export interface ThreadMessage {
  kind: string;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * Compiled, a thread's module is `NAME.js`. Under Jest this file is `.ts`, and so is the thread's: Node 24 strips its types (so it
 * keeps to erasable syntax), and this hook leads the `.js` of its imports to the sources. Nothing has to be built before a test.
 */
const FROM_SOURCE = import.meta.url.endsWith('.ts');
const SOURCE_HOOK = `import { registerHooks } from 'node:module';
registerHooks({ resolve: (name, context, next) =>
  next(name.startsWith('./') && context.parentURL?.endsWith('.ts') ? name.replace(/\\.js$/, '.ts') : name, context) });`;

/** A worker thread that answers requests. When it dies, everything that waits for it, and everything asked later, is rejected. */
export class EngineThread<Message extends ThreadMessage, Event extends ThreadMessage = never> {
  readonly #worker: Worker;
  readonly #name: string;
  readonly #onEvent: (event: Event) => void;
  readonly #pending = new Map<number, Pending>();
  readonly #exited: Promise<void>;
  #lastRequestId = 0;
  #failure: Error | undefined;

  /** `name` is the thread's module in this folder. Call `ready` before anything else. */
  constructor(name: string, paths: EnginePaths, onEvent: (event: Event) => void = () => undefined) {
    this.#name = name;
    this.#onEvent = onEvent;
    this.#worker = new Worker(new URL(`./${name}.${FROM_SOURCE ? 'ts' : 'js'}`, import.meta.url), {
      workerData: paths,
      execArgv: FROM_SOURCE ? ['--import', `data:text/javascript,${encodeURIComponent(SOURCE_HOOK)}`] : [],
    });
    this.#worker.on('message', (message) => this.#receive(message));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#fail(new Error(`it ended with code ${code}`));
        resolve();
      });
    });
  }

  /** Settles once the libraries are loaded; rejects with the dynamic linker's message when they cannot be. */
  async ready(): Promise<void> {
    await this.request({ kind: 'ready' });
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  async request(message: Message | { kind: 'ready' }, transfer: Transferable[] = []): Promise<unknown> {
    if (this.#failure) throw this.#failure;
    const requestId = ++this.#lastRequestId;
    return new Promise((resolve, reject) => {
      this.#pending.set(requestId, { resolve, reject });
      this.#worker.postMessage({ ...message, requestId }, transfer);
    });
  }

  post(message: Message | { kind: 'close' }, transfer: Transferable[] = []): void {
    if (!this.#failure) this.#worker.postMessage(message, transfer);
  }

  /** Lets the thread finish what it was given, free its memory and end. */
  async close(): Promise<void> {
    this.post({ kind: 'close' });
    await this.#exited;
  }

  /** Ends the thread at once, between two native calls. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(message: { requestId?: number; value?: unknown; error?: string; event?: Event }): void {
    if (message.event) this.#onEvent(message.event);
    if (message.requestId === undefined) return;
    const pending = this.#pending.get(message.requestId);
    this.#pending.delete(message.requestId);
    if (message.error === undefined) pending?.resolve(message.value);
    else pending?.reject(new Error(message.error));
  }

  #fail(cause: Error): void {
    this.#failure ??= new Error(`the speech thread ${this.#name} has stopped: ${cause.message}`, { cause });
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    this.#pending.clear();
  }
}
