import { createLookPace } from './look-pace.js';

const at = (ms: number) => new Date(1_000_000 + ms);

function paced(everyMs: number) {
  let elapsedMs = 0;
  const pace = createLookPace(everyMs, () => elapsedMs);
  return (ms: number, tookMs: number) =>
    pace.look(at(ms), async () => {
      elapsedMs += tookMs;
      return 'looked';
    });
}

describe('a look', () => {
  it('that is cheap comes as often as it may', async () => {
    const look = paced(10_000);
    expect(await look(0, 5)).toBe('looked');
    expect(await look(9_999, 5)).toBeNull();
    expect(await look(10_000, 5)).toBe('looked');
  });

  it('that takes three seconds comes once a minute', async () => {
    const look = paced(10_000);
    expect(await look(0, 3_000)).toBe('looked');
    expect(await look(59_999, 3_000)).toBeNull();
    expect(await look(60_000, 3_000)).toBe('looked');
  });

  it('that fails after three seconds is as dear as one that does not', async () => {
    let elapsedMs = 0;
    const pace = createLookPace(10_000, () => elapsedMs);
    const slowly = () => {
      elapsedMs += 3_000;
      return Promise.reject(new Error('too slow'));
    };
    await expect(pace.look(at(0), slowly)).rejects.toThrow('too slow');
    expect(await pace.look(at(59_999), async () => 'looked')).toBeNull();
    expect(await pace.look(at(60_000), async () => 'looked')).toBe('looked');
  });

  it('that fails is tried again at its time', async () => {
    const pace = createLookPace(10_000);
    await expect(pace.look(at(0), () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await pace.look(at(10_000), async () => 'looked')).toBe('looked');
  });
});
