import type {
  CallStatus,
  CallView,
  Claim,
  Disposition,
  Initiate,
  LatencyLedger,
  MessageView,
  Reminder,
  Synthesis,
} from '@carillon/contracts';
import type { Prisma } from '../generated/client.js';
import type { CallState } from '../generated/enums.js';
import { fromJson } from '../json.js';
import { claimCompleteness } from '@carillon/contracts';

/** What a call view is made of. A conversation may span calls: its messages are all shown, in the order in which they were heard. */
export const callViewParts = {
  conversation: { include: { messages: { orderBy: [{ createdAt: 'asc' }, { seq: 'asc' }] } } },
} satisfies Prisma.CallInclude;

export type CallWithConversation = Prisma.CallGetPayload<{ include: typeof callViewParts }>;

/** How the ledger's states look from outside. A released call was never sent and never will be. */
export const STATUS_OF_CALL: Record<CallState, CallStatus> = {
  reserved: 'queued',
  dialing: 'dialing',
  unknown: 'dialing',
  placed: 'dialing',
  ringing: 'ringing',
  answered: 'in_progress',
  ended: 'ended',
  released: 'ended',
};

/** Money is kept in millionths. */
const MICROS = 1_000_000;

export function toCallView(call: CallWithConversation): CallView {
  const { conversation } = call;
  const initiate = fromJson<Initiate>(conversation.initiate);
  const claim = fromJson<Claim>(conversation.claim);
  return {
    call_id: call.id,
    created_at: call.createdAt.toISOString(),
    in_progress: call.state === 'answered',
    initiate: { ...initiate, phone_number: call.phoneE164 },
    claim,
    claim_completeness: claimCompleteness(initiate.claim, claim),
    messages: conversation.messages.map(toMessageView),
    next: fromJson<CallView['next']>(conversation.next),
    reminders: fromJson<Reminder[]>(conversation.reminders),
    synthesis: fromJson<Synthesis | null>(conversation.synthesis),
    status: STATUS_OF_CALL[call.state],
    outcome: call.disposition as Disposition | null,
    result: toResult(call),
    campaign_id: call.campaignId,
    contact_id: call.contactId?.toString() ?? null,
    attempt_no: call.attemptNo,
    caller_number: call.callerNumber,
    decision: fromJson<CallView['decision']>(call.decision),
    cost: Number(call.costMicros) / MICROS,
    answered_at: call.answeredAt?.toISOString() ?? null,
    ended_at: call.endedAt?.toISOString() ?? null,
    duration_ms: call.answeredAt && call.endedAt && call.endedAt.getTime() - call.answeredAt.getTime(),
  };
}

function toResult(call: CallWithConversation): CallView['result'] {
  if (call.resultCode === null) return null;
  return { code: call.resultCode, sub_code: call.resultSubCode ?? 0, message: call.resultMessage ?? '' };
}

function toMessageView(message: CallWithConversation['conversation']['messages'][number]): MessageView {
  return {
    created_at: message.createdAt.toISOString(),
    action: message.action as MessageView['action'],
    persona: message.persona as MessageView['persona'],
    content: message.content,
    style: message.style as MessageView['style'],
    tool_calls: fromJson<MessageView['tool_calls']>(message.toolCalls),
    ...(message.ledger ? { ledger: fromJson<LatencyLedger>(message.ledger) } : {}),
  };
}
