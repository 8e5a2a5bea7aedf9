import { createLogger } from '@carillon/platform';
import { VirtualClock } from '@carillon/testing';
import { CapacityHeartbeat } from './capacity-heartbeat.js';
import { LoopDelayWatch } from './loop-delay-watch.js';
import { OpenCalls } from './open-calls.js';

function worker(slots: number) {
  const clock = new VirtualClock();
  const announced: unknown[] = [];
  const logLines: { state?: string; loopDelayP99Ms?: number; msg: string }[] = [];
  let delayMs = 5;
  const loop = new LoopDelayWatch({ readP99Ms: () => delayMs }, 200);
  const calls = new OpenCalls(slots, () => loop.overloaded);
  const heartbeat = new CapacityHeartbeat({
    workerId: 'w',
    peerUrl: 'http://10.0.0.7:8091',
    fleet: { announce: async ({ slots: told, peer }) => void announced.push([told, peer?.room]), withdraw: async () => undefined },
    clock,
    log: createLogger('media-worker', { level: 'info', pii: false }, { write: (line) => void logLines.push(JSON.parse(line) as never) }),
    calls,
    loop,
  });
  return { clock, calls, heartbeat, announced, logLines, slowDown: (ms: number) => (delayMs = ms) };
}

describe('a worker tells the fleet', () => {
  it('that it adds no room while its event loop is late, and why, and takes calls again some seconds after', async () => {
    const { clock, calls, heartbeat, announced, logLines, slowDown } = worker(10);
    await heartbeat.beat();
    expect(calls.take('a')).toBe('taken');
    slowDown(350);
    await clock.advance(2_000);
    expect(calls.take('b')).toBe('overloaded');
    slowDown(5);
    await clock.advance(6_000);
    expect(calls.take('b')).toBe('taken');
    await clock.advance(2_000);
    expect(announced).toEqual([
      [10, 10],
      [1, 0],
      [1, 0],
      [1, 0],
      [10, 9],
      [10, 8],
    ]);
    expect(logLines).toMatchObject([
      { state: 'overloaded', loopDelayP99Ms: 350, msg: 'this worker takes no more calls' },
      { state: 'open', msg: 'this worker takes calls again' },
    ]);
  });

  it('that it is full, or draining', async () => {
    const { clock, calls, heartbeat, announced } = worker(2);
    for (const callId of ['a', 'b']) calls.take(callId);
    await heartbeat.beat();
    calls.giveBack();
    calls.stopTaking();
    await clock.advance(2_000);
    expect(announced).toEqual([
      [2, 0],
      [1, 0],
    ]);
    expect([calls.take('c'), calls.state]).toEqual(['draining', 'draining']);
  });

  it('nothing any more once it has stopped, also where two beats ran at the same time', async () => {
    const { clock, heartbeat, announced } = worker(2);
    await Promise.all([heartbeat.beat(), heartbeat.beat()]);
    await clock.advance(2_000);
    expect(announced).toHaveLength(3);
    await heartbeat.stop();
    await heartbeat.beat();
    await clock.advance(10_000);
    expect(announced).toHaveLength(3);
  });
});
