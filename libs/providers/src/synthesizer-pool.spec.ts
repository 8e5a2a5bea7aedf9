import { SynthesizerPool, type PooledSynthesizer } from './synthesizer-pool.js';

class FakeSynthesizer implements PooledSynthesizer {
  served = 0;
  broken = false;
  disposed = false;

  dispose(): void {
    this.disposed = true;
  }
}

function pool(limits: { maxOpen?: number; maxIdle?: number; maxServed?: number; maxWaiting?: number } = {}) {
  const created: FakeSynthesizer[] = [];
  const create = () => {
    const synthesizer = new FakeSynthesizer();
    created.push(synthesizer);
    return synthesizer;
  };
  return { created, pool: new SynthesizerPool({ create, maxOpen: 2, maxIdle: 2, maxServed: 3, maxWaiting: 1, ...limits }) };
}

function take(from: SynthesizerPool<FakeSynthesizer>): FakeSynthesizer {
  let taken: FakeSynthesizer | undefined;
  from.acquire((synthesizer) => {
    synthesizer.served++;
    taken = synthesizer;
  });
  if (!taken) throw new Error('none was free');
  return taken;
}

describe('the pool of synthesizers', () => {
  it('gives the same one to the next speaker, never to two at a time', () => {
    const { pool: shared, created } = pool();
    const first = take(shared);
    expect(take(shared)).not.toBe(first);
    shared.release(first);
    expect(take(shared)).toBe(first);
    expect(created.length).toBe(2);
  });

  it('opens ahead of need, up to what may be idle', () => {
    const { pool: shared, created } = pool({ maxOpen: 9, maxIdle: 2 });
    for (let index = 0; index < 5; index++) shared.warm();
    expect(created.length).toBe(2);
    expect(created).toContain(take(shared));
  });

  it('lets speakers wait for their turn, but not too many', () => {
    const { pool: shared } = pool({ maxOpen: 1 });
    const first = take(shared);
    const served: FakeSynthesizer[] = [];
    expect(shared.acquire((synthesizer) => served.push(synthesizer))).toBeDefined();
    expect(shared.acquire(() => undefined)).toBeUndefined();
    shared.release(first);
    expect(served).toEqual([first]);
  });

  it('forgets a speaker who gave up waiting', () => {
    const { pool: shared } = pool({ maxOpen: 1 });
    const first = take(shared);
    const giveUp = shared.acquire(() => {
      throw new Error('nobody is there');
    });
    giveUp?.();
    shared.release(first);
    expect(take(shared)).toBe(first);
  });

  it('replaces one that is worn or broken, also while others wait', () => {
    const { pool: shared } = pool({ maxOpen: 1, maxServed: 1 });
    const worn = take(shared);
    const served: FakeSynthesizer[] = [];
    shared.acquire((synthesizer) => served.push(synthesizer));
    shared.release(worn);
    expect(worn.disposed).toBe(true);
    expect(served[0]).not.toBe(worn);
    const broken = take(pool().pool);
    broken.broken = true;
    shared.release(broken); // of another pool, or given back twice: nothing happens
    expect(broken.disposed).toBe(false);
  });

  it('keeps no more idle than it may and none after it was closed', () => {
    const { pool: shared } = pool({ maxIdle: 1 });
    const [first, second] = [take(shared), take(shared)];
    shared.release(first);
    shared.release(second);
    expect([first.disposed, second.disposed]).toEqual([false, true]);
    const third = take(shared);
    shared.close();
    expect(third.disposed).toBe(true);
    expect(shared.acquire(() => undefined)).toBeUndefined();
  });
});
