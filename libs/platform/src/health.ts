export interface HealthReport {
  status: 'ok' | 'fail';
  checks: { id: string; status: 'ok' | 'fail' }[];
  /** What the process says of itself besides, whatever its status. */
  notes?: Record<string, string>;
}

/** Whether the process is alive, and whether it should be given work. */
export interface Health {
  /** Adds something this process cannot work without; the probe rejects when it is not there. */
  check(name: string, probe: () => Promise<void>): void;
  /** Adds something that whoever looks should know, and that makes nothing unready. */
  tell(name: string, say: () => string): void;
  readonly ready: boolean;
  setReady(ready: boolean): void;
  live(): { status: 'ok' };
  readiness(): Promise<HealthReport>;
}

/** A probe that has not answered by then counts as failed. Shorter than the second that Kubernetes waits by default. */
const PROBE_TIMEOUT_MS = 800;

export function createHealth(probeTimeoutMs = PROBE_TIMEOUT_MS): Health {
  const probes = new Map<string, () => Promise<void>>();
  const notes = new Map<string, () => string>();
  let ready = false;
  return {
    check: (name, probe) => void probes.set(name, probe),
    tell: (name, say) => void notes.set(name, say),
    get ready() {
      return ready;
    },
    setReady: (value) => void (ready = value),
    live: () => ({ status: 'ok' }),
    async readiness() {
      const own = { id: 'open', status: ready ? ('ok' as const) : ('fail' as const) };
      const checks = [own, ...(await Promise.all([...probes].map(([id, probe]) => run(id, probe, probeTimeoutMs))))];
      const status = checks.every((check) => check.status === 'ok') ? 'ok' : 'fail';
      return notes.size === 0
        ? { status, checks }
        : { status, checks, notes: Object.fromEntries([...notes].map(([name, say]) => [name, say()])) };
    },
  };
}

async function run(id: string, probe: () => Promise<void>, timeoutMs: number): Promise<HealthReport['checks'][number]> {
  const answered = await within(timeoutMs, probe()).catch(() => false);
  return { id, status: answered ? 'ok' : 'fail' };
}

/** True when the work is done in time, false when it is not; rejects as the work does. */
export async function within(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), timeoutMs)));
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
