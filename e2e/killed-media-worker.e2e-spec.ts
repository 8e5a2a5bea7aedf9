import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { childrenOf, runDemo } from './run-demo.js';

const SCRIPT = 'apps/media-worker/dist/main.js';
const contacts = join(__dirname, 'one-person.csv');

/** Settles when the demo has shown such a line, or has ended. */
function shown(demo: ChildProcess, line: RegExp): Promise<unknown> {
  return new Promise((done) => {
    demo.stderr?.on('data', (chunk: Buffer) => {
      if (line.test(chunk.toString())) done(undefined);
    });
    demo.once('exit', done);
  });
}

/** Which of these media workers has a call, by its own metrics. */
async function holderOfCalls(pids: number[]): Promise<number | null> {
  for (const pid of pids) {
    const port = /(?:^|\0)MEDIA_PORT=(\d+)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1];
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    if (/^carillon_media_calls_open\S* [1-9]/m.test(metrics)) return pid;
  }
  return null;
}

describe('a media worker killed in the middle of a conversation', () => {
  test('is heard as a short interruption: another one says so, and the conversation goes on to its end', async () => {
    let screen = '';
    const result = await runDemo(['--contacts', contacts], async (demo) => {
      demo.stderr?.on('data', (chunk: Buffer) => (screen += chunk.toString()));
      await shown(demo, /person:/);
      const busy = await holderOfCalls(childrenOf(demo, SCRIPT));
      expect(busy).not.toBeNull();
      if (busy !== null) process.kill(busy, 'SIGKILL');
    });
    const said = screen.split('\n').filter((line) => /(agent|person):/.test(line));
    const recap = said.findIndex((line) => line.includes('agent:  Sorry, we were cut off for a moment.'));
    expect(recap).toBeGreaterThan(0);
    expect(said.slice(recap + 1).filter((line) => line.includes('person:')).length).toBeGreaterThan(0);
    expect(screen).not.toMatch(/agent: +Hello again/);
    expect(result).toMatchObject({ contacts: 1, calls: 1, answered: 1, lost: 0, double_dials: 0 });
  }, 180_000);
});
