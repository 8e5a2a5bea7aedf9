import { appendMessages, bindMediaEpoch, closeMedia, updateClaim, type Db } from '@carillon/store';
import type { ConversationStore } from './ports.js';

/** Conversations in Postgres. */
export function conversationsIn(db: Db): ConversationStore {
  return {
    bind: (owner) => bindMediaEpoch(db, owner),
    append: (owner, messages) => appendMessages(db, owner, messages),
    claim: (owner, claim) => updateClaim(db, owner, claim),
    close: (owner, outcome) => closeMedia(db, owner, outcome),
  };
}
