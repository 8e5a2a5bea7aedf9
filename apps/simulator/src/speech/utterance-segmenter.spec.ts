import { UtteranceSegmenter } from './utterance-segmenter.js';

const MS = 16;

function tone(durationMs: number, amplitude = 6_000): Int16Array {
  return Int16Array.from({ length: durationMs * MS }, (_, index) => amplitude * Math.sin(index / 8));
}

function quiet(durationMs: number, hiss = 0): Int16Array {
  return Int16Array.from({ length: durationMs * MS }, (_, index) => (((index * 7_919) % 2_003) / 1_001.5 - 1) * hiss);
}

/** What the segmenter says about the audio, in milliseconds, and how much of each utterance it passes on. */
function segments(...parts: Int16Array[]): string[] {
  const told: string[] = [];
  let passed = 0;
  const segmenter = new UtteranceSegmenter(
    {
      began: (position) => told.push(`began ${position / MS}`),
      audio: (pcm) => (passed += pcm.length),
      ended: (begin, end, position) => {
        told.push(`${begin / MS}–${end / MS} known at ${position / MS}, heard ${passed / MS}`);
        passed = 0;
      },
      silent: (begin, position) => told.push(`silent ${begin / MS}–${position / MS}`),
    },
    { endSilenceMs: 500, silenceMs: 2_000 },
  );
  for (const part of parts) for (let at = 0; at < part.length; at += 700) segmenter.push(part.subarray(at, at + 700));
  segmenter.finish();
  return told;
}

describe('cutting audio into utterances', () => {
  it('begins with the sound, adds 200 ms before it, and ends half a second of silence after it', () => {
    expect(segments(quiet(1_000), tone(600), quiet(1_000))).toEqual(['began 1000', '1000–1600 known at 2100, heard 960']); // 200 + 600 + 160
  });

  it('keeps what has a short pause in it together', () => {
    expect(segments(quiet(400), tone(300), quiet(400), tone(300), quiet(600))).toEqual(['began 400', '400–1400 known at 1900, heard 1360']);
  });

  it('cuts at a long pause', () => {
    expect(segments(quiet(400), tone(300), quiet(600), tone(300), quiet(600))).toEqual([
      'began 400',
      '400–700 known at 1200, heard 660',
      'began 1300',
      '1300–1600 known at 2100, heard 660',
    ]);
  });

  it('says now and then that nobody speaks, and passes nothing on meanwhile', () => {
    expect(segments(quiet(5_000))).toEqual(['silent 0–2000', 'silent 2000–4000']);
  });

  it('takes no click and no hiss for speech', () => {
    expect(segments(quiet(500), tone(20), quiet(500))).toEqual([]);
    expect(segments(quiet(1_500, 150), tone(400), quiet(1_000, 150)).length).toBe(2);
  });

  it('ends with the stream', () => {
    expect(segments(quiet(400), tone(300))).toEqual(['began 400', '400–700 known at 700, heard 500']);
  });
});
