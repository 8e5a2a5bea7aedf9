import { AcsError } from './acs-error.js';
import { DroppedConnection, FaultInjection } from './fault-injection.js';

const run = async (faults: FaultInjection, operation: 'createCall' | 'terminate' = 'createCall') => {
  let executed = false;
  const outcome = await faults
    .run(operation, () => Promise.resolve((executed = true)))
    .then(
      () => 'ok',
      (error: unknown) =>
        error instanceof AcsError
          ? `${error.status} ${JSON.stringify(error.headers)}`
          : error instanceof DroppedConnection
            ? 'dropped'
            : 'another error',
    );
  return `${outcome}, ${executed ? 'executed' : 'not executed'}`;
};

describe('faults by rule', () => {
  it('strike the nth time the operation comes', async () => {
    const faults = new FaultInjection([{ on: 'createCall', when: { nth: 2 }, fault: { kind: 'status', status: 429, retryAfterS: 3 } }]);
    expect([await run(faults), await run(faults, 'terminate'), await run(faults), await run(faults)]).toEqual([
      'ok, executed',
      'ok, executed',
      '429 {"Retry-After":"3"}, not executed',
      'ok, executed',
    ]);
  });

  it('break the connection before or after the work is done', async () => {
    const faults = new FaultInjection([
      { on: 'createCall', when: { nth: 1 }, fault: { kind: 'drop-before' } },
      { on: 'terminate', when: { nth: 1 }, fault: { kind: 'drop-after' } },
    ]);
    expect([await run(faults), await run(faults, 'terminate')]).toEqual(['dropped, not executed', 'dropped, executed']);
  });

  it('strike by chance as often as they should, and the same for the same seed', async () => {
    const rules = [{ on: 'createCall', when: { probability: 0.25 }, fault: { kind: 'drop-before' } }] as const;
    const outcomes = async (seed: string) => {
      const faults = new FaultInjection(rules, seed);
      const all: string[] = [];
      for (let call = 0; call < 400; call++) all.push(await run(faults));
      return all;
    };
    const first = await outcomes('one');
    expect(first.filter((outcome) => outcome.startsWith('dropped')).length).toBeGreaterThan(70);
    expect(first.filter((outcome) => outcome.startsWith('dropped')).length).toBeLessThan(130);
    expect(await outcomes('one')).toEqual(first);
    expect(await outcomes('two')).not.toEqual(first);
  });

  it('may answer with an error what was carried out', async () => {
    const faults = new FaultInjection([{ on: 'createCall', when: { nth: 1 }, fault: { kind: 'status', status: 500, executed: true } }]);
    expect(await run(faults)).toBe('500 {}, executed');
  });

  it('may keep the answer back until a callback has told of the call', async () => {
    const faults = new FaultInjection([{ on: 'createCall', when: { probability: 1 }, fault: { kind: 'early', atMostMs: 50 } }]);
    const story: string[] = [];
    const told = (answer: string, atMostMs: number) => Promise.resolve(story.push(`${answer} told within ${atMostMs}`) > 0);
    story.push(await faults.run('createCall', () => Promise.resolve('c1'), told));
    expect(story).toEqual(['c1 told within 50', 'c1']);
    await faults.run(
      'createCall',
      () => Promise.resolve('c2'),
      () => Promise.resolve(false),
    );
    expect(faults.struck()).toEqual({ 'createCall early': 1 }); // the second answer overtook nothing
  });

  it('are counted by kind once they had their effect', async () => {
    const faults = new FaultInjection([
      { on: 'createCall', when: { probability: 1 }, fault: { kind: 'drop-after' } },
      { on: 'callback', when: { probability: 1 }, fault: { kind: 'duplicate' } },
    ]);
    await run(faults);
    const refused = faults.run('createCall', () => Promise.reject(new AcsError(400, '8523', 'no')));
    await expect(refused).rejects.toMatchObject({ status: 400 });
    faults.countCallback({ kind: 'duplicate' });
    expect(faults.struck()).toEqual({ 'createCall drop-after': 1, 'callback duplicate': 1 });
  });

  it('hit the events they name', () => {
    const faults = new FaultInjection([{ on: 'callback', event: 'CallConnected', when: { probability: 1 }, fault: { kind: 'drop' } }]);
    expect([faults.onCallback('CallConnected'), faults.onCallback('CallDisconnected')]).toEqual([{ kind: 'drop' }, null]);
  });
});
