import { randomUUID } from 'node:crypto';
import { openCoordination, type Coordination } from '@carillon/coordination';
import type { Clock, TtsListener, TtsProvider, TtsRequest } from '@carillon/pipeline';
import { createLogger, createMetrics } from '@carillon/platform';
import { FailoverTts } from '@carillon/providers';
import { createRealClock } from '@carillon/testing';
import { eventually } from './media-worker.spec-support.js';
import { countedBoard } from './shared-circuits.js';

const log = createLogger('test', { level: 'silent', pii: false });
const REQUEST: TtsRequest = { text: 'Hello', voice: 'v', language: 'en-US', style: 'none', rate: 1, sampleRate: 16_000 };

/** A service that fails as long as it is told to, and counts who asks it. */
class MoodyTts implements TtsProvider {
  asked = 0;
  works = false;

  constructor(private readonly clock: Clock) {}

  speak(_request: TtsRequest, listener: TtsListener): { cancel(): void } {
    this.asked += 1;
    const { works } = this;
    return this.clock.setTimer(this.clock.now(), () => {
      if (!works) return listener.failed(new Error('out of order'));
      listener.audio(new Int16Array(320));
      listener.done();
    });
  }

  close(): void {
    // has nothing open
  }
}

function said(tts: TtsProvider): Promise<boolean> {
  return new Promise((resolve) => {
    tts.speak(REQUEST, { audio: () => undefined, done: () => resolve(true), failed: () => resolve(false) });
  });
}

/** What one process speaks with: the same service first, and one of its own that always works. */
function openProcess(service: MoodyTts, coordination: Pick<Coordination, 'circuits'>) {
  const clock = createRealClock();
  const spare = new MoodyTts(clock);
  spare.works = true;
  const registry = createMetrics('media-worker');
  const tts = new FailoverTts({
    ...{ clock, log, board: countedBoard(coordination.circuits, registry), circuit: { minBad: 3, openMs: 1_500 } },
    providers: [
      { name: 'first', provider: service },
      { name: 'second', provider: spare },
    ],
  });
  const stateOf = (name: string) => tts.circuits().find(({ provider }) => provider === name)?.state;
  return { tts, stateOf, failures: async () => /board_failures_total\{[^}]*\} (\d+)/.exec(await registry.metrics())?.[1] };
}

describe('two media workers', () => {
  const redisUrl = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';
  const open = (prefix: string) => openCoordination({ redisUrl, name: 'test', prefix, onError: () => undefined });

  it('leave a provider alone together: what one has found out costs no call of the other, and so does its recovery', async () => {
    const prefix = `test-${randomUUID()}`;
    const [left, right] = [open(prefix), open(prefix)];
    const service = new MoodyTts(createRealClock());
    const [one, other] = [openProcess(service, left), openProcess(service, right)];
    for (let spoken = 0; spoken < 3; spoken += 1) expect(await said(one.tts)).toBe(true);
    expect(one.stateOf('first')).toBe('open');
    // The board is asked once a second, when somebody speaks: until its word is there the other may ask the service, and fails over.
    await untilSaid(other.tts, () => other.stateOf('first') === 'open');
    const { asked } = service;
    expect(await said(other.tts)).toBe(true);
    expect(service.asked).toBe(asked);
    service.works = true;
    await untilSaid(one.tts, () => one.stateOf('first') === 'closed');
    expect(await left.circuits.get('tts:first')).toBe(0);
    await untilSaid(other.tts, () => other.stateOf('first') === 'closed');
    await Promise.all([left.close(), right.close()]);
  }, 15_000);

  it('go by what they find out themselves while Redis is away, and it is counted', async () => {
    const away = { circuits: { get: () => Promise.reject(new Error('away')), set: () => Promise.reject(new Error('away')) } };
    const service = new MoodyTts(createRealClock());
    const process = openProcess(service, away);
    for (let spoken = 0; spoken < 3; spoken += 1) expect(await said(process.tts)).toBe(true);
    expect(process.stateOf('first')).toBe('open');
    await eventually(() => process.stateOf('first') === 'half-open', 'the circuit ends by itself');
    expect(Number(await process.failures())).toBeGreaterThan(0);
  });
});

async function untilSaid(tts: TtsProvider, isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 8_000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error('the circuit never changed');
    await said(tts);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
