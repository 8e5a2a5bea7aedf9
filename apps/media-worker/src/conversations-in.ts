import type { ReachFailpoint } from '@carillon/platform';
import { appendMessages, bindMediaEpoch, closeMedia, updateClaim, type Db } from '@carillon/store';
import type { ConversationStore } from './ports.js';

/** Conversations in Postgres. */
export function conversationsIn(db: Db, reach: ReachFailpoint): ConversationStore {
  return {
    async bind(owner) {
      const bound = await bindMediaEpoch(db, owner);
      reach('media.bound');
      return bound;
    },
    append: (owner, messages) => appendMessages(db, owner, messages),
    claim: (owner, claim) => updateClaim(db, owner, claim),
    async close(owner, outcome) {
      reach('media.before-close');
      return closeMedia(db, owner, outcome);
    },
  };
}
