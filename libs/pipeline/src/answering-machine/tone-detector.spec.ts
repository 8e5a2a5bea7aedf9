import type { ToneSampleRate } from './single-tone-meter.js';
import { framesOf, mixed, noise, seeded, sine, speechLike, type Signal } from './testing/line-signals.js';
import { ToneDetector, type LineTone } from './tone-detector.js';

function listen(frames: readonly Int16Array[], sampleRate: ToneSampleRate = 16_000): (LineTone & { toldAt: number })[] {
  const detector = new ToneDetector(sampleRate);
  return frames.flatMap((frame, index) => {
    const toldAt = (index + 1) * 20;
    const tone = detector.push(frame, toldAt);
    return tone === null ? [] : [{ ...tone, toldAt }];
  });
}

const hear = (signal: Signal, durationMs = 3_000) => listen(framesOf(signal, 16_000, durationMs));

describe('the beep of a mailbox is found', () => {
  it('at its pitch, from its first frame to its last, 140 ms after its end', () => {
    expect(hear(sine(1_000, 600, 1_000))).toEqual([
      { kind: 'beep', hertz: expect.closeTo(1_000, 0), startedAt: 600, endedAt: 1_000, toldAt: 1_140 },
    ]);
  });

  it.each([400, 440, 850, 950, 1_000, 1_234, 1_400, 2_100])('at %i Hz, for 100 ms between two frames', (hertz) => {
    const [tone] = hear(sine(hertz, 607, 707));
    expect(tone?.hertz).toBeCloseTo(hertz, -1);
    expect(tone?.endedAt).toBeGreaterThanOrEqual(680);
    expect(tone?.endedAt).toBeLessThanOrEqual(720);
  });

  it.each([8_000, 16_000, 24_000] as const)('at a sample rate of %i Hz', (sampleRate) => {
    expect(listen(framesOf(sine(850, 600, 900), sampleRate, 2_000), sampleRate)).toMatchObject([{ kind: 'beep', endedAt: 900 }]);
  });

  it('in noise 10 dB below it', () => {
    const loudness = 6_000 / Math.SQRT2 / Math.sqrt(10);
    expect(hear(mixed(sine(440, 600, 900), noise(loudness, seeded(1))))).toMatchObject([{ kind: 'beep', startedAt: 600, endedAt: 900 }]);
  });

  it('after speech', () => {
    const speech = speechLike(seeded(3), 2_000);
    const found = listen([...speech, ...framesOf(sine(1_400, 300, 600), 8_000, 1_500)], 8_000);
    expect(found).toMatchObject([{ kind: 'beep', startedAt: 2_300, endedAt: 2_600 }]);
  });
});

describe('no beep is', () => {
  it.each<[string, Signal]>([
    ['a click of 60 ms', sine(1_000, 600, 660)],
    ['a tone that goes on for three seconds', sine(1_000, 200, 3_300)],
    ['a DTMF digit', mixed(sine(770, 600, 750), sine(1_336, 600, 750))],
    ['a DTMF digit whose tones differ by 8 dB', mixed(sine(770, 600, 750, 3_000), sine(1_336, 600, 750, 7_500))],
    ['American ringback', mixed(sine(440, 600, 2_600), sine(480, 600, 2_600))],
    ['British ringback', mixed(sine(400, 600, 1_000), sine(450, 600, 1_000), sine(400, 1_200, 1_600), sine(450, 1_200, 1_600))],
    ['German ringback', sine(425, 600, 1_600)],
    ['French ringback', sine(440, 600, 2_100)],
    ['a melody of pure notes', mixed(sine(523, 600, 800), sine(659, 800, 1_000), sine(784, 1_020, 1_300))],
    [
      'a tone that somebody speaks after',
      mixed(sine(1_000, 600, 800), (seconds) => (seconds > 0.82 ? 6_000 * Math.sin(2_000 * seconds ** 2) : 0)),
    ],
    [
      'a string that dies away',
      (seconds) => (seconds > 0.6 ? 9_000 * Math.exp(-(seconds - 0.6) / 0.05) * Math.sin(2 * Math.PI * 880 * seconds) : 0),
    ],
    [
      'a whistle that slides',
      (seconds) => (seconds > 0.6 && seconds < 1 ? 6_000 * Math.sin(2 * Math.PI * (900 * seconds + 800 * (seconds - 0.6) ** 2)) : 0),
    ],
    ['a tone too soft to be meant', sine(1_000, 600, 1_000, 100)],
    ['noise', noise(3_000, seeded(7))],
    ['silence', () => 0],
  ])('%s', (_, signal) => {
    expect(hear(signal, 4_000)).toEqual([]);
  });

  it('anything in a thousand signals that are like speech', () => {
    const mistaken: number[] = [];
    for (let seed = 0; seed < 1_000; seed++) if (listen(speechLike(seeded(seed), 2_000), 8_000).length > 0) mistaken.push(seed);
    expect(mistaken).toEqual([]);
  });
});

it('three rising tones announce a message of the carrier', () => {
  const signal = mixed(sine(913.8, 500, 776), sine(1_370.6, 776, 1_052), sine(1_776.7, 1_052, 1_432));
  expect(hear(signal)).toMatchObject([{ kind: 'sit', startedAt: 500, endedAt: 1_420 }]);
});

it('a frame of another length is refused', () => {
  expect(() => new ToneDetector(16_000).push(new Int16Array(160), 20)).toThrow(RangeError);
});
