import { groupBy } from './group-by.js';
import { type CarrierCall, endOf } from './carrier-call.js';
import { clock, type Violation } from './violation.js';

/** Which contact the engine dialed with a call, by the call's id; of calls from no campaign the contact is null. */
export type ContactOfCall = ReadonlyMap<string, { contact: string | null }>;

export interface DoubleDialFacts {
  calls: readonly CarrierCall[];
  contactOfCall: ContactOfCall;
  /** Calls that one contact may get at all. */
  callsPerContact: number;
}

/**
 * Calls that should not have been: to somebody who is in another call; a second one under one call id; one more to a contact than its attempts, or after an
 * earlier one was answered, which the campaigns of a run never call again; one that the engine's books do not know. Each such call counts once, whatever is wrong with it.
 */
export function findDoubleDials(facts: DoubleDialFacts): Violation[] {
  const found = new Map<string, string>();
  const note = (call: CarrierCall, what: string) => {
    const known = found.get(call.connectionId);
    found.set(
      call.connectionId,
      known ? `${known}; ${what}` : `${call.phoneE164} at ${clock(call.acceptedAt)} (call ${call.operationContext}): ${what}`,
    );
  };
  const calls = [...facts.calls].sort((a, b) => a.acceptedAt - b.acceptedAt);
  noteOverlaps(calls, note);
  noteRepeats(
    calls,
    (call) => call.operationContext,
    1,
    (call) => note(call, 'a second call under the same id'),
  );
  const contactOf = (call: CarrierCall) => facts.contactOfCall.get(call.operationContext ?? '')?.contact ?? null;
  noteRepeats(calls, contactOf, facts.callsPerContact, (call, count) =>
    note(call, `call ${count} of contact ${contactOf(call)}, which may get ${facts.callsPerContact}`),
  );
  noteAnsweredBefore(calls, contactOf, note);
  for (const call of calls) if (!facts.contactOfCall.has(call.operationContext ?? '')) note(call, "the engine's books do not know it");
  return [...found.values()].map((evidence) => ({ rule: 'double_dials', evidence }));
}

type Note = (call: CarrierCall, what: string) => void;

function noteOverlaps(calls: readonly CarrierCall[], note: Note): void {
  for (const ofPerson of groupBy(calls, ({ phoneE164 }) => phoneE164).values()) {
    let longest = ofPerson[0];
    for (const call of ofPerson.slice(1)) {
      if (longest && call.acceptedAt < endOf(longest)) note(call, `call ${longest.operationContext} to the same person was open`);
      if (!longest || endOf(call) > endOf(longest)) longest = call;
    }
  }
}

function noteAnsweredBefore(calls: readonly CarrierCall[], keyOf: (call: CarrierCall) => string | null, note: Note): void {
  for (const [key, same] of groupBy(calls, keyOf)) {
    const first = same.findIndex(({ answeredAt }) => answeredAt !== null);
    if (key !== null && first >= 0) for (const call of same.slice(first + 1)) note(call, `contact ${key} had answered a call before`);
  }
}

function noteRepeats(
  calls: readonly CarrierCall[],
  keyOf: (call: CarrierCall) => string | null,
  allowed: number,
  report: (call: CarrierCall, count: number) => void,
): void {
  for (const [key, same] of groupBy(calls, keyOf)) {
    if (key !== null) same.forEach((call, index) => index >= allowed && report(call, index + 1));
  }
}
