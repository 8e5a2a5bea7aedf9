import { join } from 'node:path';
import { childrenOf, runDemo } from './run-demo.js';

const SCRIPT = 'apps/dialer-worker/dist/main.js';
const contacts = join(__dirname, 'ten-people.csv');

describe('a dialer-worker killed in the middle of a campaign', () => {
  test('loses nobody and calls nobody twice', async () => {
    let kills = 0;
    const result = await runDemo(['--contacts', contacts], async (demo) => {
      const dialing = new Promise<void>((done) => {
        demo.stderr?.on('data', (chunk: Buffer) => {
          if (/ {2}(dialing|ringing)/.test(chunk.toString())) done();
        });
      });
      await Promise.race([dialing, new Promise((done) => demo.once('exit', done))]);
      for (const pid of childrenOf(demo, SCRIPT)) {
        process.kill(pid, 'SIGKILL');
        kills++;
      }
    });
    expect(kills).toBe(1);
    expect(result).toMatchObject({ contacts: 10, lost: 0, double_dials: 0 });
    expect(result.answered).toBeGreaterThan(0);
  }, 420_000);
});
