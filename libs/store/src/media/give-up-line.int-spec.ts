import { exampleCampaign, openTestDatabase, type TestDatabase } from '@carillon/testing';
import { createCall } from '../calls/create-call.js';
import { insertCarrierEvent } from '../calls/insert-carrier-event.js';
import { markProcessed } from '../ledger/carrier-inbox.sql.js';
import { noteEndedBy } from '../ledger/note-ended-by.js';
import { noteTransferred } from '../ledger/note-transferred.sql.js';
import { bindMediaEpoch } from './bind-media-epoch.sql.js';
import { giveUpLine } from './give-up-line.sql.js';
import type { MediaOwner } from './media-owner.js';

const tenantId = 'default';
const NOW = new Date('2026-03-02T09:00:00Z');

let database: TestDatabase;
beforeAll(async () => (database = await openTestDatabase()));
afterAll(() => database.close());

let person = 0;
/** The first owner of a new call. */
async function newOwner(): Promise<MediaOwner> {
  const callId = await createCall(database.store, {
    ...{ tenantId, phoneE164: `+1415555${String(person++).padStart(4, '0')}`, initiate: exampleCampaign.initiate, traceparent: null },
    ...{ ringTimeoutMs: 30_000, maxCallMs: 60_000, now: NOW, notAfter: new Date(NOW.getTime() + 30_000) },
  });
  const owner = { tenantId, callId, epoch: 1 };
  await bindMediaEpoch(database.store, owner);
  return owner;
}
const giveUp = (owner: MediaOwner) => giveUpLine(database.store, owner);
const endedBy = async ({ callId }: MediaOwner) => (await database.store.prisma.call.findUniqueOrThrow({ where: { id: callId } })).endedBy;

describe('a line that was lost and did not come back', () => {
  it('is why the call ends, by the word of its owner, who may say it twice', async () => {
    const owner = await newOwner();
    expect(await giveUp({ ...owner, epoch: 0 })).toBe('left'); // a later owner has it
    expect(await giveUp({ ...owner, tenantId: 'other' })).toBe('left');
    expect(await endedBy(owner)).toBeNull();
    expect(await giveUp(owner)).toBe('lost');
    expect(await giveUp(owner)).toBe('ending');
    expect(await endedBy(owner)).toBe('line_lost');
  });

  it('is no reason over another one of ours', async () => {
    const owner = await newOwner();
    await noteEndedBy(database.store, owner, 'time_limit');
    expect(await giveUp(owner)).toBe('ending');
    expect(await endedBy(owner)).toBe('time_limit');
  });

  it('is none of a call that is over, or whose person somebody else has', async () => {
    const [ended, transferred] = [await newOwner(), await newOwner()];
    await database.store.prisma.call.update({ where: { id: ended.callId }, data: { endedAt: NOW } });
    await noteTransferred(database.store, transferred, NOW);
    expect([await giveUp(ended), await giveUp(transferred)]).toEqual(['left', 'left']);
    expect([await endedBy(ended), await endedBy(transferred)]).toEqual([null, 'transferred']);
  });

  it('is none while the inbox holds news of the call: the person may have hung up long ago', async () => {
    const owner = await newOwner();
    const { callId } = owner;
    await insertCarrierEvent(database.store, { tenantId, id: 'disconnected', callId, type: 'ended', payload: {}, traceparent: null });
    expect(await giveUp(owner)).toBe('left');
    await markProcessed(database.store, { tenantId, eventId: 'disconnected', now: NOW });
    expect(await giveUp(owner)).toBe('lost');
  });
});
