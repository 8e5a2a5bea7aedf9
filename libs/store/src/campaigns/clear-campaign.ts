import { releaseCall } from '../ledger/release-call.sql.js';
import type { Store } from '../open-store.js';
import { finaliseWaitingContacts } from './finalise-waiting-contacts.sql.js';

/** Rows of one transaction: some tens of milliseconds, so that nobody waits for its locks. */
const CHUNK = 5_000;
/** What a request takes upon itself, a second or two; the dialer's reaper does the rest (`finaliseStragglers`). */
const MAX_CHUNKS = 10;

/**
 * After a campaign was cancelled: takes back the calls that were not dialed yet, and gives an end to contacts that wait. Harmless when it breaks off or is
 * repeated: the reaper goes on with what is left.
 */
export async function clearCampaign(
  store: Store,
  { tenantId, campaignId, now }: { tenantId: string; campaignId: string; now: Date },
): Promise<void> {
  const reserved = await store.prisma.call.findMany({
    where: { tenantId, campaignId, state: 'reserved', wrappedAt: null },
    select: { id: true },
  });
  for (const { id } of reserved) await releaseCall(store, { tenantId, callId: id, from: 'reserved', nextAt: now, now });
  for (let chunk = 0; chunk < MAX_CHUNKS; chunk += 1) {
    if ((await finaliseWaitingContacts(store, { tenantId, campaignId, now, limit: CHUNK })) < CHUNK) return;
  }
}
