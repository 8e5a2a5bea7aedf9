import { ThinningResamplers, VirtualClock } from '@carillon/testing';
import { InboundAudio } from './inbound-audio.js';

function line(sampleRate: 16000 | 24000 = 16000) {
  const clock = new VirtualClock();
  const resamplers = new ThinningResamplers();
  const heard: { at: number; samples: number }[] = [];
  const errors: unknown[] = [];
  let broken = false;
  const audio = new InboundAudio({
    clock,
    sampleRate,
    resamplers,
    sink: (frame) => {
      if (broken) throw new Error('the detector is gone');
      heard.push({ at: clock.now(), samples: frame.length });
    },
    onError: (error) => errors.push(error),
  });
  const frame = () => new Int16Array((sampleRate * 20) / 1000).fill(1_000);
  return {
    clock,
    resamplers,
    heard,
    errors,
    audio,
    say: (sentAt: number | null) => audio.push(frame(), sentAt),
    breakDown: () => (broken = true),
  };
}

describe('the line of a callee', () => {
  it.each([16_000, 24_000] as const)('at %i Hz gives frames of 20 ms at 16 kHz, lost ones too', async (sampleRate) => {
    const { clock, heard, audio, say } = line(sampleRate);
    for (const sentAt of [0, 20, 80, 100]) {
      await clock.advanceTo(sentAt);
      say(sentAt);
    }
    expect(heard).toEqual([0, 20, 100, 100, 100, 100].map((at) => ({ at, samples: 320 })));
    expect(audio.counts).toEqual({ framesLate: 0, framesLost: 2, framesConcealed: 2, framesDuplicated: 0 });
    expect(clock.pending).toBe(0);
  });

  it('that falls silent behind a gap is heard 50 ms later', async () => {
    const { clock, heard, say } = line();
    say(0);
    await clock.advanceTo(60);
    say(60);
    await clock.advanceTo(200);
    expect(heard.map(({ at }) => at)).toEqual([0, 110, 110, 110]);
  });

  it('takes no timer while frames come in order', async () => {
    const { clock, say } = line();
    for (let sentAt = 0; sentAt < 1_000; sentAt += 20) {
      await clock.advanceTo(sentAt);
      say(sentAt);
      expect(clock.pending).toBe(0);
    }
  });

  it('leaves nothing behind', async () => {
    const { clock, resamplers, heard, audio, say } = line(24_000);
    say(0);
    say(100);
    audio.close();
    await clock.advanceTo(1_000);
    expect([heard.length, clock.pending, resamplers.opened]).toEqual([1, 0, 0]);
  });

  it('tells of an error while nothing comes in', async () => {
    const { clock, errors, say, breakDown } = line();
    say(0);
    say(100);
    breakDown();
    await clock.advanceTo(60);
    expect(errors).toEqual([new Error('the detector is gone')]);
  });
});
