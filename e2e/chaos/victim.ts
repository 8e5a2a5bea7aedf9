import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync, type WriteStream } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 200;
const STOP_TIMEOUT_MS = 15_000;
const RESTART_DELAY_MS = 300;
const WATCH_MS = 500;
/** A service that ends by itself this often cannot run here at all. */
const CRASHES_AT_MOST = 30;

export interface VictimSpec {
  name: string;
  command: readonly [string, readonly string[]];
  port: number;
  env: Record<string, string>;
  /** How long a process that a failpoint has frozen stands still. */
  freezeMs: number;
  logFile: string;
  log(message: string): void;
}

/** One service as a process of its own, started again whenever it dies, as a cluster would do. */
export class Victim {
  /** Deaths by SIGKILL: the harness's, and those at failpoints. */
  kills = 0;
  /** Times it was stopped, outlived that, and went on. */
  frozen = 0;
  /** Deaths that nobody caused on purpose. */
  crashes = 0;
  #child: ChildProcess | null = null;
  #stopping = false;
  #isFrozen = false;
  readonly #log: WriteStream;
  readonly #watch: NodeJS.Timeout;

  constructor(private readonly spec: VictimSpec) {
    this.#log = createWriteStream(spec.logFile, { flags: 'w' });
    this.#watch = setInterval(() => this.#thawOthers(), WATCH_MS);
  }

  get name(): string {
    return this.spec.name;
  }

  get url(): string {
    return `http://127.0.0.1:${this.spec.port}`;
  }

  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  async start(): Promise<void> {
    this.#launch();
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (Date.now() < deadline) {
      const answer = await fetch(`${this.url}/health/ready`).catch(() => null);
      if (answer?.ok) return;
      await delay(POLL_MS);
    }
    throw new Error(`${this.name} did not become ready; its log is ${this.spec.logFile}`);
  }

  /** SIGKILL; false when it is dead already. */
  kill(): boolean {
    return this.#alive() && (this.#child?.kill('SIGKILL') ?? false);
  }

  /** Stops it in the midst of whatever it does, and lets it go on later. */
  async freeze(durationMs: number): Promise<void> {
    const child = this.#child;
    if (!child || !this.#alive() || this.#isFrozen) return;
    child.kill('SIGSTOP');
    await this.#thaw(child, durationMs);
  }

  async #thaw(child: ChildProcess, afterMs: number): Promise<void> {
    this.#isFrozen = true;
    await delay(afterMs, undefined, { ref: false });
    this.#isFrozen = false;
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGCONT')) this.frozen++;
  }

  /** A failpoint may have frozen it, which only the kernel knows. */
  #thawOthers(): void {
    const child = this.#child;
    if (!child || !this.#alive() || this.#isFrozen || stateOf(child.pid) !== 'T') return;
    this.spec.log(`${this.name} is frozen by a failpoint`);
    void this.#thaw(child, this.spec.freezeMs);
  }

  /** SIGTERM, and SIGKILL when it has not left in time. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#watch);
    const child = this.#child;
    if (child && this.#alive()) {
      const exited = once(child, 'exit');
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const hardStop = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(hardStop);
    }
    this.#log.end();
  }

  #alive(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #launch(): void {
    const [command, args] = this.spec.command;
    const child = spawn(command, args, { env: this.spec.env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.pipe(this.#log, { end: false });
    child.stderr.pipe(this.#log, { end: false });
    child.once('exit', (code, signal) => this.#died(code, signal));
    this.#child = child;
  }

  #died(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#stopping) return;
    if (signal === 'SIGKILL') this.kills++;
    else this.crashes++;
    if (signal !== 'SIGKILL') this.spec.log(`${this.name} ended by itself (${signal ?? code}); its log is ${this.spec.logFile}`);
    if (this.crashes > CRASHES_AT_MOST) return;
    setTimeout(() => {
      if (!this.#stopping) this.#launch();
    }, RESTART_DELAY_MS).unref();
  }
}

/** As in `/proc`: T is stopped by a signal. Null where there is no such thing. */
function stateOf(pid: number | undefined): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0] ?? null;
  } catch {
    return null; // ended meanwhile, or another system
  }
}
