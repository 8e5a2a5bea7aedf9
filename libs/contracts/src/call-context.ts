import type { AnsweringMachineRules } from './answering-machine.js';
import type { Initiate } from './call-request.js';
import type { Claim } from './claim-field.js';
import type { ConversationOverrides } from './conversation-settings.js';
import type { Disclosure } from './disclosure.js';

/** What a media worker needs to hold a call: written to Redis while the phone rings, rebuilt from Postgres when it is not there. */
export interface CallContext {
  tenantId: string;
  callId: string;
  conversationId: string;
  campaignId: string | null;
  phoneE164: string;
  initiate: Initiate;
  /** Columns of the contact's CSV row, by header. */
  variables: Record<string, string>;
  /** What earlier calls of this conversation collected. */
  claim: Claim;
  /** What was said before, oldest first: empty on the first call. `ofThisCall`: before its line or its worker was lost. */
  history: { persona: 'human' | 'assistant'; content: string; ofThisCall?: boolean | undefined }[];
  maxCallMs: number;
  /** What the campaign and the call say about turn taking, the call's own values over the campaign's; the rest has its defaults. */
  conversation?: ConversationOverrides | undefined;
  /** What to do where a machine picks up, the call's own rules over the campaign's. Left out: the defaults. */
  answeringMachine?: AnsweringMachineRules | undefined;
  /** What the agent must say in this call, by the policies that applied when it was dialed. */
  disclosures?: readonly Disclosure[] | undefined;
  traceparent: string | null;
}
