import type { Initiate } from './call-request.js';
import type { Claim } from './claim-field.js';
import type { Disposition } from './disposition.js';
import type { LatencyLedger } from './latency-ledger.js';

export type CallStatus = 'queued' | 'dialing' | 'ringing' | 'in_progress' | 'ended';

/** The reference peer's call object plus what it lacks: status, outcome, times. Answer of all `/call` routes. */
export interface CallView {
  call_id: string;
  created_at: string;
  in_progress: boolean;
  initiate: Initiate & { phone_number: string };
  claim: Claim;
  /** Share of the claim's fields that hold a value, 0–1; 1 when there are none. */
  claim_completeness: number;
  messages: MessageView[];
  next: { action: string; justification: string } | null;
  reminders: Reminder[];
  synthesis: Synthesis | null;
  status: CallStatus;
  outcome: Disposition | null;
  /** The carrier's result, where it gave one. */
  result: { code: number; sub_code: number; message: string } | null;
  campaign_id: string | null;
  attempt_no: number;
  answered_at: string | null;
  ended_at: string | null;
  /** From answered to ended; null when the call was not answered or has not ended. */
  duration_ms: number | null;
}

export interface MessageView {
  created_at: string;
  action: 'call' | 'hangup' | 'sms' | 'talk';
  persona: 'human' | 'assistant';
  content: string;
  style: 'none' | 'cheerful' | 'sad';
  tool_calls: ToolCallView[];
  ledger?: LatencyLedger | undefined;
}

export interface ToolCallView {
  tool_id: string;
  function_name: string;
  function_arguments: string;
  content: string;
}

export interface Reminder {
  created_at: string;
  title: string;
  description: string;
  due_date_time: string;
  owner?: string | undefined;
}

export const SATISFACTIONS = ['terrible', 'low', 'partial', 'high', 'unknown'] as const;

export interface Synthesis {
  short: string;
  long: string;
  satisfaction: (typeof SATISFACTIONS)[number];
  improvement_suggestions: string;
}
