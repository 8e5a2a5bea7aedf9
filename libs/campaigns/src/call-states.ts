/** States of a call, as the ledger keeps them. `ended` and `released` are for good; `released` means: provably never sent to the carrier. */
export const CALL_STATES = ['reserved', 'dialing', 'unknown', 'placed', 'ringing', 'answered', 'ended', 'released'] as const;
export type CallState = (typeof CALL_STATES)[number];

/** What becomes known of a call. Facts come more than once and in any order. */
export const CALL_FACTS = [
  'lease_expired', // whoever had it in hand is gone
  'dialed', // about to be sent: committed before the request leaves
  'refused', // the carrier provably did not take it
  'unclear', // nobody knows whether the carrier took it
  'placed', // the carrier took it
  'ringing',
  'answered',
  'ended', // or failed: it is over for the carrier
] as const;
export type CallFact = (typeof CALL_FACTS)[number];

/**
 * Where each fact leads from each state; what is not here changes nothing. No carrier of ours tells when the phone starts to ring, so a placed call
 * counts as ringing at once; `placed` is for a carrier that does tell.
 *
 * Only what was never sent may be released: a refusal of a repeated request says nothing about the first one, so `unknown` stays.
 */
const NEXT: Record<CallState, Partial<Record<CallFact, CallState>>> = {
  reserved: { lease_expired: 'released', dialed: 'dialing', refused: 'released', answered: 'answered', ended: 'ended' },
  dialing: {
    lease_expired: 'unknown',
    refused: 'released',
    unclear: 'unknown',
    placed: 'ringing',
    ringing: 'ringing',
    answered: 'answered',
    ended: 'ended',
  },
  unknown: { placed: 'ringing', ringing: 'ringing', answered: 'answered', ended: 'ended' },
  placed: { ringing: 'ringing', answered: 'answered', ended: 'ended' },
  ringing: { answered: 'answered', ended: 'ended' },
  answered: { ended: 'ended' },
  ended: {},
  released: {},
};

/** The state after `fact`; the same state when the fact is old news. The rank of a call only grows, so no order of facts revives it. */
export function nextCallState(state: CallState, fact: CallFact): CallState {
  return NEXT[state][fact] ?? state;
}

/** Grows along the life of a call; both final states are the highest. */
export function rankOf(state: CallState): number {
  return state === 'released' ? CALL_STATES.indexOf('ended') : CALL_STATES.indexOf(state);
}

/** Nothing can happen to the call any more. */
export function isOver(state: CallState): boolean {
  return state === 'ended' || state === 'released';
}
