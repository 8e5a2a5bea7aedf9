import { SynthesizerPool, type PooledSynthesizer } from './synthesizer-pool.js';
import { SynthesizerPools, type ConnectionPurpose } from './synthesizer-pools.js';

interface Opened extends PooledSynthesizer {
  purpose: ConnectionPurpose;
  disposed: boolean;
}

function stage() {
  const opened: Opened[] = [];
  const pools = new SynthesizerPools((purpose) => {
    const create = (): Opened => {
      const synthesizer: Opened = { purpose, served: 0, broken: false, disposed: false, dispose: () => void (synthesizer.disposed = true) };
      opened.push(synthesizer);
      return synthesizer;
    };
    return new SynthesizerPool({ create, maxOpen: 2, maxIdle: 2, maxServed: 9, maxWaiting: 1 });
  });
  const speak = (purpose: ConnectionPurpose): Opened => {
    const taken: Opened[] = [];
    pools.get(purpose).acquire((synthesizer) => void taken.push(synthesizer));
    const [synthesizer] = taken;
    if (!synthesizer) throw new Error('none was free');
    return synthesizer;
  };
  const giveBack = (synthesizer: Opened): void => pools.get(synthesizer.purpose).release(synthesizer);
  return { opened, pools, speak, giveBack };
}

const OURS = { sampleRate: 16_000, customVoice: 'our-voice' } as const;

describe('the pools of synthesizers', () => {
  it('never hand a connection of one deployment, or of one sample rate, to another', () => {
    const { opened, speak, giveBack } = stage();
    for (const purpose of [
      OURS,
      { sampleRate: 24_000, customVoice: 'our-voice' },
      { sampleRate: 16_000 },
      { ...OURS, customVoice: 'theirs' },
    ] as const) {
      const synthesizer = speak(purpose);
      expect(synthesizer.purpose).toEqual(purpose);
      giveBack(synthesizer);
    }
    expect(opened).toHaveLength(4);
    expect(speak(OURS)).toBe(opened[0]);
  });

  it('close what was used longest ago when there are many deployments, but nothing that speaks', () => {
    const { opened, pools, speak, giveBack } = stage();
    const plain = speak({ sampleRate: 16_000 });
    giveBack(plain);
    const speaking = speak({ sampleRate: 16_000, customVoice: 'speaks' });
    for (let voice = 0; voice < 30; voice += 1) giveBack(speak({ sampleRate: 16_000, customVoice: `voice ${voice}` }));
    expect([plain.disposed, speaking.disposed]).toEqual([false, false]);
    expect(pools.size).toEqual({ idle: 16, busy: 1, waiting: 0 });
    expect(opened.filter(({ disposed }) => disposed)).toHaveLength(15);
    giveBack(speak({ sampleRate: 24_000 }));
    giveBack(speak({ sampleRate: 16_000, customVoice: 'voice 29' }));
    expect(pools.size.idle).toBe(17); // neither the plain voice nor one that is known takes anybody's room
    pools.close();
    expect(opened.every(({ disposed }) => disposed)).toBe(true);
  });
});
