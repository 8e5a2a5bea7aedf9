/** A call as the carrier wrote it down (simulator, `GET /control/carrier/calls.ndjson`). Times in epoch milliseconds. */
export interface CarrierCall {
  connectionId: string;
  phoneE164: string;
  callerE164: string;
  /** The engine's own id of the call, as it told the carrier. */
  operationContext: string | null;
  repeatabilityId: string | null;
  acceptedAt: number;
  ringingAt: number | null;
  answeredAt: number | null;
  endedAt: number | null;
  endedBy: 'callee' | 'application' | 'network' | null;
}

/** When its phone was taken up; a call that is not over lasts for ever. */
export function endOf({ endedAt }: CarrierCall): number {
  return endedAt ?? Number.POSITIVE_INFINITY;
}
