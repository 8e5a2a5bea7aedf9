/** The media worker that holds a call: writes of an epoch older than the call's are refused. */
export interface MediaOwner {
  tenantId: string;
  callId: string;
  epoch: number;
}
