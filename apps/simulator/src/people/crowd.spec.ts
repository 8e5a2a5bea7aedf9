import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import type { PhoneLine } from '../carrier/callee.js';
import { Crowd, CROWD_HABITS, type CrowdHabit, type CrowdMix } from './crowd.js';
import { FRAME_MS } from './line-clock.js';

const FRAME = new Int16Array(320);
const ATTEMPT = { callerE164: '+14155550100', callId: 'a' };

const crowd = (mix: CrowdMix, seed = 'one') =>
  new Crowd({
    mix,
    ringMs: { min: 1_000, max: 3_000 },
    talkMs: { min: 2_000, max: 5_000 },
    engines: { synthesise: () => Promise.resolve(new Int16Array(16_000)) }, // a second, whatever the words
    seed,
    log: pino({ level: 'silent' }),
  });

const only = (habit: CrowdHabit) => crowd(new Map([[habit, 1]]));

/** Lets the line run until the person hangs up; answers when that was, and how long they spoke. */
async function talk(habit: CrowdHabit): Promise<{ hungUpAtMs: number; spokeMs: number }> {
  let nowMs = 0;
  let queued = 0;
  let spokeMs = 0;
  let over = false;
  let hear: (frame: Int16Array) => void = () => undefined;
  const line: PhoneLine = {
    onAudio: (callback) => void (hear = callback),
    onEnded: () => undefined,
    say: (pcm) => void (queued += pcm.length),
    stopSaying: () => void (queued = 0),
    get saying() {
      return queued > 0;
    },
    sendTone: () => undefined,
    hangUp: () => void (over = true),
  };
  only(habit).lookUp('+12125550101', ATTEMPT).connect(line);
  for (; !over && nowMs < 60_000; nowMs += FRAME_MS) {
    if (queued > 0) spokeMs += FRAME_MS;
    queued = Math.max(0, queued - FRAME.length);
    hear(FRAME);
    await setImmediate(); // what is to be said is ready before the next frame
  }
  return { hungUpAtMs: nowMs, spokeMs };
}

describe('the crowd', () => {
  it('answers in the proportions that were asked for, the same in each run', () => {
    const mix: CrowdMix = new Map([
      ['talks', 80],
      ['busy', 15],
      ['no-answer', 5],
    ]);
    const kinds = (seed: string) => {
      const people = crowd(mix, seed);
      return Array.from({ length: 2_000 }, (_, index) => people.lookUp(`+1212555${1_000 + index}`, ATTEMPT).ring().kind);
    };
    const count = (kind: string) => kinds('one').filter((each) => each === kind).length;
    expect([count('answer') / 2_000, count('busy') / 2_000, count('no-answer') / 2_000]).toEqual([
      expect.closeTo(0.8, 1),
      expect.closeTo(0.15, 1),
      expect.closeTo(0.05, 1),
    ]);
    expect(kinds('one')).toEqual(kinds('one'));
    expect(kinds('one')).not.toEqual(kinds('two'));
  });

  it('may answer the second call though it was busy at the first', () => {
    const people = crowd(new Map(CROWD_HABITS.map((habit) => [habit, 1])));
    const outcomes = Array.from({ length: 30 }, () => people.lookUp('+12125550101', ATTEMPT).ring().kind);
    expect(new Set(outcomes).size).toBeGreaterThan(1);
  });

  it('says hello and goodbye, and hangs up within seconds', async () => {
    const { hungUpAtMs, spokeMs } = await talk('talks');
    expect(spokeMs).toBe(2_000);
    expect(hungUpAtMs).toBeGreaterThanOrEqual(3_000);
    expect(hungUpAtMs).toBeLessThan(6_200);
  });

  it('may be a machine, or silent, and hangs up as well', async () => {
    expect((await talk('voicemail')).spokeMs).toBeGreaterThan(1_000);
    expect(await talk('silent')).toMatchObject({ spokeMs: 0 });
  });

  it('lets a phone ring for as long as it was told', () => {
    const outcome = only('declines').lookUp('+12125550101', ATTEMPT).ring();
    expect(outcome).toMatchObject({ kind: 'decline' });
    expect('afterMs' in outcome && outcome.afterMs >= 1_000 && outcome.afterMs <= 3_000).toBe(true);
  });
});
