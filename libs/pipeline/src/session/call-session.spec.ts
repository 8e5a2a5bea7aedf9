import { ScriptedVad, StagedCall, ThinningResamplers } from '@carillon/testing';

describe('a call that begins', () => {
  it('leaves nothing open, and no log, where one of its parts cannot be opened', () => {
    const resamplers = new ThinningResamplers();
    const closed: string[] = [];
    const vad = {
      open: () => {
        expect(resamplers.opened).toBe(1);
        throw new Error('no thread is left');
      },
      close: () => Promise.resolve(),
    };
    const log = { append: () => undefined, close: () => void closed.push('log') };
    expect(() => new StagedCall({ sampleRate: 24_000, vad, log, through: () => ({ resamplers }) })).toThrow('no thread is left');
    expect(resamplers.opened).toBe(0);
    expect(closed).toEqual(['log']);
  });

  it('opens no voice detection on a line that it cannot hear', () => {
    const opened: string[] = [];
    const scripted = new ScriptedVad();
    const vad: typeof scripted.open = (listener) => {
      opened.push('vad');
      return scripted.open(listener);
    };
    const none = {
      open: () => {
        throw new Error('no memory is left');
      },
    };
    expect(
      () =>
        new StagedCall({ sampleRate: 24_000, vad: { open: vad, close: () => Promise.resolve() }, through: () => ({ resamplers: none }) }),
    ).toThrow('no memory is left');
    expect(opened).toEqual([]);
  });

  it('has a connection of the voice opened at the rate of its line', () => {
    const warmed: number[] = [];
    new StagedCall({
      sampleRate: 24_000,
      through: ({ tts }) => ({
        tts: { speak: (...asked) => tts.speak(...asked), warm: (rate) => void warmed.push(rate), close: () => undefined },
      }),
    });
    expect(warmed).toEqual([24_000]);
  });
});
