import { placeOf } from '@carillon/campaigns';
import { noteOptOut, optOut, promiseCallback, type MediaOwner, type Store } from '@carillon/store';
import type { CallRequests } from './ports.js';

/** By then what has failed may work again. */
const CALL_BACK_AFTER_MS = 30 * 60_000;

/** What a person may ask for during a call, kept in Postgres: effective at once, for every campaign and for calls that are reserved already. */
export function personRequestsIn(store: Store, now: () => Date) {
  return (owner: MediaOwner, phoneE164: string): CallRequests => ({
    async optOut(reason) {
      await optOut(store, { tenantId: owner.tenantId, phoneE164, reason: reason || 'asked during a call', now: now() });
      await noteOptOut(store, owner);
    },
    async callBack(localTime) {
      const fallbackZone = placeOf(phoneE164).timeZones[0] ?? 'UTC';
      const answer = await promiseCallback(store, owner, { localTime, fallbackZone, now: now() });
      return 'at' in answer ? { at: answer.at.toISOString() } : { problem: PROBLEMS[answer.problem] };
    },
    async callBackLater() {
      const moment = now();
      const answer = await promiseCallback(store, owner, { at: new Date(moment.getTime() + CALL_BACK_AFTER_MS), now: moment });
      if ('problem' in answer) throw new Error(`another call could not be promised: ${answer.problem}`);
    },
  });
}

const PROBLEMS = {
  past: 'That time has passed; ask for another one.',
  too_far: 'That is too far ahead; offer a time within the next weeks.',
  not_ours: 'It cannot be written down any more; the call is over.',
};
