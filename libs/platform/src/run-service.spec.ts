import type { Host } from './process-host.js';
import { runService, type RunningService, type ServiceContext } from './run-service.js';

/** A process that only writes down what happens to it. */
function fakeHost(over: Partial<Host> = {}) {
  const story: string[] = [];
  const signals: ((signal: 'SIGTERM' | 'SIGINT') => void)[] = [];
  const crashes: ((error: unknown) => void)[] = [];
  let exited: (code: number) => void = () => undefined;
  const exit = new Promise<number>((resolve) => (exited = resolve));
  const host: Host = {
    env: {},
    nodeVersion: '24.21.0',
    logDestination: { write: (line) => void story.push(`log: ${(JSON.parse(line) as { msg: string }).msg}`) },
    complain: (message) => void story.push(`complaint: ${message}`),
    onSignal: (listener) => void signals.push(listener),
    onCrash: (listener) => void crashes.push(listener),
    exit(code) {
      story.push(`exit ${code}`);
      exited(code);
    },
    ...over,
  };
  return {
    host,
    story,
    exit,
    signal: (name: 'SIGTERM' | 'SIGINT') => signals.forEach((tell) => tell(name)),
    crash: (e: unknown) => crashes.forEach((tell) => tell(e)),
  };
}

/** A service that tells each step, and whether it counted as ready then. */
function service(story: string[], over: Partial<RunningService> = {}) {
  let opened: () => void = () => undefined;
  const open = new Promise<void>((resolve) => (opened = resolve));
  const start = async ({ health }: ServiceContext): Promise<RunningService> => {
    const step = (name: string) => async () => void story.push(`${name}, ready: ${health.ready}`);
    story.push(`start, ready: ${health.ready}`);
    setImmediate(opened);
    return { url: 'http://127.0.0.1:1', stopTaking: step('stop taking'), drain: step('drain'), close: step('close'), ...over };
  };
  return { start, open };
}

describe('runService', () => {
  it('opens, and on SIGTERM turns unready, takes nothing new, lets calls end, closes', async () => {
    const { host, story, exit, signal } = fakeHost();
    const { start, open } = service(story);
    const life = runService({ name: 'simulator', needs: [], start }, host);
    await open;
    signal('SIGTERM');
    expect(await exit).toBe(0);
    await life;
    expect(story).toEqual([
      'start, ready: false',
      'log: listening',
      'log: asked to stop',
      'stop taking, ready: false',
      'drain, ready: false',
      'close, ready: false',
      'log: stopped',
      'exit 0',
    ]);
  });

  it('ends at once on a second SIGINT', async () => {
    const { host, story, exit, signal } = fakeHost();
    let lastCallEnds: () => void = () => undefined;
    const { start, open } = service(story, { drain: () => new Promise((resolve) => (lastCallEnds = resolve)) });
    const life = runService({ name: 'simulator', needs: [], start, drainMs: 0 }, host);
    await open;
    signal('SIGINT');
    signal('SIGINT');
    expect(await exit).toBe(130);
    lastCallEnds();
    await life;
  });

  it('closes even when a step of the stop fails, and says so by its exit code', async () => {
    const { host, story, exit, signal } = fakeHost();
    const { start, open } = service(story, { stopTaking: () => Promise.reject(new Error('stuck')) });
    void runService({ name: 'simulator', needs: [], start }, host);
    await open;
    signal('SIGTERM');
    expect(await exit).toBe(1);
    expect(story).toContain('close, ready: false');
  });

  it('stops in order after an error that nobody caught, and exits with 1', async () => {
    const { host, story, exit, crash } = fakeHost();
    const { start, open } = service(story);
    void runService({ name: 'simulator', needs: [], start }, host);
    await open;
    crash(new Error('lost'));
    expect(await exit).toBe(1);
    expect(story).toEqual(expect.arrayContaining(['log: an error was not caught', 'drain, ready: false']));
  });

  it('refuses an old Node before anything else, and names the way out', async () => {
    const { host, story } = fakeHost({ nodeVersion: '20.19.0' });
    await runService({ name: 'simulator', needs: [], start: service(story).start }, host);
    expect(story[0]).toMatch(/needs Node 24 or newer and this is 20\.19\.0\. Use the npm scripts/);
    expect(story.at(-1)).toBe('exit 1');
  });

  it('prints the configuration error for a person and does not start', async () => {
    const { host, story } = fakeHost();
    await runService({ name: 'api', needs: [], start: service(story).start }, host);
    expect(story[0]).toContain('DATABASE_URL (not set) is needed by the api');
    expect(story).not.toContain('start, ready: false');
  });

  it('logs why a service could not start and exits with 1', async () => {
    const { host, story } = fakeHost();
    await runService({ name: 'simulator', needs: [], start: () => Promise.reject(new Error('port taken')) }, host);
    expect(story).toEqual(['log: the service could not start', 'exit 1']);
  });
});
