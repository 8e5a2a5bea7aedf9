import type { CallContext, Claim, Initiate } from '@carillon/contracts';
import { fromJson } from '../json.js';
import type { Db } from '../transaction.js';

/** A prompt holds no more of the past than this: the newest messages of earlier calls. */
const HISTORY_LIMIT = 200;

/** What a media worker needs to hold the call, from the truth: for when Redis has lost it, or before it is there. */
export async function loadCallContext(db: Db, key: { tenantId: string; callId: string }): Promise<CallContext | null> {
  const call = await db.prisma.call.findFirst({ where: { id: key.callId, tenantId: key.tenantId }, include: { conversation: true } });
  if (!call) return null;
  const contact =
    call.contactId === null
      ? null
      : await db.prisma.contact.findFirst({ where: { id: call.contactId, tenantId: key.tenantId }, select: { variables: true } });
  return {
    tenantId: call.tenantId,
    callId: call.id,
    conversationId: call.conversationId,
    campaignId: call.campaignId,
    phoneE164: call.phoneE164,
    initiate: fromJson<Initiate>(call.conversation.initiate),
    variables: contact ? fromJson<Record<string, string>>(contact.variables) : {},
    claim: fromJson<Claim>(call.conversation.claim),
    history: await loadHistory(db, key.tenantId, call.conversationId),
    maxCallMs: call.maxCallMs,
    traceparent: call.traceparent,
  };
}

async function loadHistory(db: Db, tenantId: string, conversationId: string): Promise<CallContext['history']> {
  const newestFirst = await db.prisma.message.findMany({
    where: { tenantId, conversationId, action: 'talk' },
    orderBy: [{ createdAt: 'desc' }, { seq: 'desc' }],
    take: HISTORY_LIMIT,
    select: { persona: true, content: true },
  });
  return newestFirst.reverse().map(({ persona, content }) => ({ persona: persona as 'human' | 'assistant', content }));
}
