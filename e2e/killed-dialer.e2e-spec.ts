import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { childrenOf, runDemo } from './run-demo.js';

const SCRIPT = 'apps/dialer-worker/dist/main.js';
const contacts = join(__dirname, 'ten-people.csv');

/** Settles when the demo has shown such a line, or has ended. */
function shown(demo: ChildProcess, line: RegExp): Promise<unknown> {
  return new Promise((done) => {
    demo.stderr?.on('data', (chunk: Buffer) => {
      if (line.test(chunk.toString())) done(undefined);
    });
    demo.once('exit', done);
  });
}

describe('a dialer-worker killed in the middle of a campaign', () => {
  test('loses nobody and calls nobody twice', async () => {
    let kills = 0;
    const kill = (demo: ChildProcess) => {
      for (const pid of childrenOf(demo, SCRIPT)) {
        process.kill(pid, 'SIGKILL');
        kills++;
      }
    };
    const result = await runDemo(['--contacts', contacts], async (demo) => {
      const conversation = shown(demo, /person:/); // listened for from the start, so that it is not missed
      await shown(demo, / {2}dialing/);
      kill(demo); // phones are being dialed
      await conversation;
      kill(demo); // people are talking, and some have hung up
    });
    expect(kills).toBe(2);
    expect(result).toMatchObject({ contacts: 10, lost: 0, double_dials: 0 });
    expect(result.answered).toBeGreaterThan(0);
  }, 420_000);
});
