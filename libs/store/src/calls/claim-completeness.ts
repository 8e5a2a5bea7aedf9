import type { Claim, ClaimField } from '@carillon/contracts';

/** Share of the fields that hold a value, 0–1; 1 when nothing is asked for. */
export function claimCompleteness(fields: readonly ClaimField[], claim: Claim): number {
  if (fields.length === 0) return 1;
  return fields.filter(({ name }) => claim[name] !== undefined && claim[name] !== '').length / fields.length;
}
