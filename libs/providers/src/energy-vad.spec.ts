import { EnergyVad } from './energy-vad.js';
import { recordedSpeech } from './testing/recorded-speech.js';

const WINDOW = 512;

function share(pcm: Int16Array): number {
  const vad = new EnergyVad();
  let speech = 0;
  for (let start = 0; start + WINDOW <= pcm.length; start += WINDOW)
    if (vad.probability(pcm.subarray(start, start + WINDOW)) > 0.5) speech++;
  return speech / Math.floor(pcm.length / WINDOW);
}

function hiss(amplitude: number): Int16Array {
  return Int16Array.from({ length: 160_000 }, (_, index) => (((index * 7_919) % 2_003) / 1_001.5 - 1) * amplitude);
}

describe('judging by loudness', () => {
  it('hears speech in speech, also over some noise', () => {
    const noise = hiss(100);
    expect(share(recordedSpeech('speech-rms'))).toBeGreaterThan(0.6);
    expect(share(recordedSpeech('speech-rms').map((sample, index) => sample + (noise[index] ?? 0)))).toBeGreaterThan(0.5);
  });

  it('hears none in silence, nor for long in hiss', () => {
    expect(share(new Int16Array(16_000))).toBe(0);
    expect(share(hiss(100))).toBeLessThan(0.1);
    expect(share(hiss(400))).toBeLessThan(0.5);
  });
});
