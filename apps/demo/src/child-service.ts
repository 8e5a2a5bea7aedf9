import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 100;
const STOP_TIMEOUT_MS = 20_000;
const RESTARTS_AT_MOST = 5;
const RESTART_DELAY_MS = 500;

export interface ServiceSpec {
  name: string;
  /** Compiled entry, relative to the repository's root. */
  script: string;
  port: number;
  env: Record<string, string>;
  logFile: string;
}

/** One service as a process of its own, started again when it dies without being asked to, as a cluster would do. */
export class ChildService {
  private child: ChildProcess | null = null;
  private stopping = false;
  private restarts = 0;
  private readonly log: WriteStream;

  constructor(private readonly spec: ServiceSpec) {
    this.log = createWriteStream(spec.logFile, { flags: 'w' });
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  get url(): string {
    return `http://127.0.0.1:${this.spec.port}`;
  }

  async start(): Promise<void> {
    this.launch();
    await this.ready();
  }

  /** From now on it is not started again: a Ctrl-C reaches it by itself. */
  willStop(): void {
    this.stopping = true;
  }

  /** SIGTERM, and SIGKILL when it has not left within 20 s. */
  async stop(): Promise<void> {
    this.stopping = true;
    const child = this.child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const hardStop = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(hardStop);
    }
    this.log.end();
  }

  /** For tests of what a crash leaves behind; the service is started again by itself. */
  kill(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  private launch(): void {
    const child = spawn(process.execPath, ['--enable-source-maps', this.spec.script], {
      env: { ...process.env, ...this.spec.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.pipe(this.log, { end: false });
    child.stderr.pipe(this.log, { end: false });
    child.once('exit', () => this.restart());
    this.child = child;
  }

  private restart(): void {
    if (this.stopping || this.restarts++ >= RESTARTS_AT_MOST) return;
    setTimeout(() => {
      if (!this.stopping) this.launch();
    }, RESTART_DELAY_MS).unref();
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (Date.now() < deadline && this.restarts < RESTARTS_AT_MOST) {
      const answer = await fetch(`${this.url}/health/ready`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((wake) => setTimeout(wake, POLL_MS));
    }
    throw new Error(`${this.spec.name} did not become ready; its log is ${this.spec.logFile}`);
  }
}
