import type { Admission } from '@carillon/coordination';
import type { Logger } from '@carillon/platform';
import { inTransaction, listCallsWithSlots, raiseFleetEpoch, readFleetEpoch, tryLeadSchedule, type Store } from '@carillon/store';
import { callExpiryMs } from '../deadlines.js';
import { scopesOfCall } from '../dial/admission-scopes.js';

/**
 * Redis was lost, or is another server than before, or the database is: raises the fleet's epoch and gives every call that may be open at the carrier its slot and leases back,
 * from Postgres. Until it is done nobody is admitted, and what was admitted before and not sent yet cannot be sent any more.
 */
export function createRebuildFleet({
  store,
  admission,
  log,
}: {
  store: Store;
  admission: Pick<Admission, 'epoch' | 'rebuild'>;
  log: Logger;
}) {
  return async (): Promise<void> => {
    const epoch = await inTransaction(store, async (transaction) => {
      if (!(await tryLeadSchedule(transaction))) return null; // another process does it
      const standsAt = await admission.epoch();
      if (standsAt !== null && standsAt === (await readFleetEpoch(transaction))) return null; // or did
      return raiseFleetEpoch(transaction, standsAt ?? 0);
    });
    if (epoch === null) return;
    const calls = await listCallsWithSlots(store);
    const answer = await admission.rebuild({
      epoch,
      calls: calls.map((call) => ({ callId: call.callId, leaseMs: callExpiryMs(call), scopes: scopesOfCall(call) })),
    });
    // Not rebuilt: Redis stands at a higher epoch, or was lost again; the next tick sees it.
    if (answer.rebuilt)
      log.warn({ epoch, openCalls: calls.length }, 'the leases of the fleet were rebuilt: Redis was empty, or another one');
    else log.warn({ epoch, ...answer }, 'the leases of the fleet could not be rebuilt yet');
  };
}
