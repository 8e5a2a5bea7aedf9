import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { childrenOf, runDemo } from './run-demo.js';

const LOOK_EVERY_MS = 200;
const contacts = join(__dirname, 'one-person.csv');

/** What went over the media socket, by the carrier's own records; null until the call has ended. */
interface CarrierCall {
  media: { sampleRate: number; receivedMs: number; underruns: number; malformed: number } | null;
}

describe('a call at 24 kHz', () => {
  test('is understood and answered as any other, by the unmodified SDKs of the carrier and of the speech service', async () => {
    let calls: CarrierCall[] = [];
    const result = await runDemo(
      ['--contacts', contacts],
      async (demo) => {
        const ended = new Promise((done) => demo.once('exit', done));
        while (demo.exitCode === null && demo.signalCode === null) {
          // the simulator is stopped last
          const [simulator] = childrenOf(demo, 'apps/simulator/dist/main.js');
          if (simulator !== undefined) calls = await carrierCalls(simulator).catch(() => calls);
          await Promise.race([ended, new Promise((wake) => setTimeout(wake, LOOK_EVERY_MS))]);
        }
      },
      { MEDIA_SAMPLE_RATE: '24000' },
    );
    expect(calls).toMatchObject([{ media: { sampleRate: 24_000, malformed: 0 } }]);
    expect(result).toMatchObject({ contacts: 1, calls: 1, answered: 1, lost: 0, double_dials: 0 });
    expect(result.fields_expected).toBeGreaterThan(0);
    expect(result.fields_correct).toBe(result.fields_expected);
  }, 180_000);
});

async function carrierCalls(simulator: number): Promise<CarrierCall[]> {
  const environment = readFileSync(`/proc/${simulator}/environ`, 'utf8').split('\0');
  const valueOf = (name: string) => environment.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
  const url = `http://127.0.0.1:${valueOf('SIMULATOR_PORT')}/control/carrier/calls`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${valueOf('SIMULATOR_KEY')}` } });
  return (await answer.json()) as CarrierCall[];
}
