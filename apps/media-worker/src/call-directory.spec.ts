import { SNAPSHOT_VERSION } from '@carillon/pipeline';
import { createLogger } from '@carillon/platform';
import { openStore, type Store } from '@carillon/store';
import { createCallDirectory } from './call-directory.js';
import { callContext } from './media-worker.spec-support.js';

const CALL = { tenantId: 'default', callId: 'c1' };

/** What lies in Redis of a call that a worker has held: as its last owner left it. */
function deskOf(kept: { claim?: object; unwrittenClaim: object | null } | null) {
  let epoch = 1;
  const turns = { version: SNAPSHOT_VERSION };
  return {
    bind: async () => (epoch += 1),
    getContext: async () => callContext('c1', { claim: { full_name: 'as the phone rang' } }),
    getSnapshot: async () => kept && JSON.stringify({ turns, exchanges: 2, unwritten: [], ...kept }),
    owner: async () => ({ epoch, workerId: 'worker' }),
    epoch: () => epoch,
  };
}

describe('while Postgres is away', () => {
  let db: Store;
  beforeAll(() => void (db = openStore('postgresql://nobody@127.0.0.1:1/nothing')));
  afterAll(() => db.close());

  const stage = (kept: Parameters<typeof deskOf>[0]) => {
    const desk = deskOf(kept);
    const log = createLogger('test', { level: 'silent', pii: false });
    return { desk, directory: createCallDirectory({ db, desk, workerId: 'worker', log }) };
  };

  it('a call whose line was lost goes on from what its last worker kept, with all that was collected', async () => {
    const { directory } = stage({ claim: { full_name: 'Ann', age: 40 }, unwrittenClaim: { full_name: 'Anna', age: 40 } });
    expect(await directory.admit(CALL)).toMatchObject({
      owner: { epoch: 2 },
      exchangesBefore: 2,
      context: { claim: { full_name: 'Anna', age: 40 } },
      kept: { exchanges: 2 },
    });
  });

  it('one of which nothing was kept cannot go on', async () => {
    await expect(stage(null).directory.admit(CALL)).rejects.toThrow();
  });

  it('nothing is bound for a handshake that nobody waits for', async () => {
    const { desk, directory } = stage(null);
    expect(await directory.admit(CALL, () => false)).toBe('unwanted');
    expect(desk.epoch()).toBe(1);
  });

  it('a call that nobody opened again is still ours, and not once another worker has bound it', async () => {
    const { desk, directory } = stage(null);
    expect(await directory.isStillOurs({ ...CALL, epoch: 1 })).toBe(true);
    await desk.bind();
    expect(await directory.isStillOurs({ ...CALL, epoch: 1 })).toBe(false);
  });

  it('a line that did not come back is lost, and not one that another worker has taken', async () => {
    const { desk, directory } = stage(null);
    expect(await directory.giveUpLine({ ...CALL, epoch: 1 })).toBe('lost');
    await desk.bind();
    expect(await directory.giveUpLine({ ...CALL, epoch: 1 })).toBe('left');
  });
});
