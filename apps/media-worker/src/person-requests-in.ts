import { placeOf } from '@carillon/campaigns';
import type { PersonRequests } from '@carillon/pipeline';
import { noteOptOut, optOut, promiseCallback, type MediaOwner, type Store } from '@carillon/store';

/** What a person may ask for during a call, kept in Postgres: effective at once, for every campaign and for calls that are reserved already. */
export function personRequestsIn(store: Store, now: () => Date) {
  return (owner: MediaOwner, phoneE164: string): PersonRequests => ({
    async optOut(reason) {
      await optOut(store, { tenantId: owner.tenantId, phoneE164, reason: reason || 'asked during a call', now: now() });
      await noteOptOut(store, owner);
    },
    async callBack(localTime) {
      const fallbackZone = placeOf(phoneE164).timeZones[0] ?? 'UTC';
      const answer = await promiseCallback(store, owner, { localTime, fallbackZone, now: now() });
      return 'at' in answer ? { at: answer.at.toISOString() } : { problem: PROBLEMS[answer.problem] };
    },
  });
}

const PROBLEMS = {
  past: 'That time has passed; ask for another one.',
  too_far: 'That is too far ahead; offer a time within the next weeks.',
  not_ours: 'It cannot be written down any more; the call is over.',
};
