import type { Disposition } from '@carillon/contracts';
import type { Db } from '../transaction.js';
import type { MediaOwner } from './media-owner.js';

export interface MediaOutcome {
  exchanges: number;
  agentClosed: boolean;
  /**
   * Where the conversation itself tells: it outweighs what would be worked out, but for a disposition that is there already. A machine that was reached before
   * its line was lost may have our message by now.
   */
  disposition?: Disposition | undefined;
  /** The worker ends the phone call. Should its hang-up fail, whoever hangs up after it finds no line that was lost. */
  endsCall?: boolean | undefined;
  closedAt: Date;
}

/** Says that the last turn of the call is written; may be said twice. False when a later epoch owns the call. */
export async function closeMedia(
  db: Db,
  owner: MediaOwner,
  { exchanges, agentClosed, disposition, endsCall, closedAt }: MediaOutcome,
): Promise<boolean> {
  const owned = { id: owner.callId, tenantId: owner.tenantId, mediaEpoch: owner.epoch };
  // First: the wrap-up, which reads it, waits for the last turn.
  if (disposition !== undefined)
    await db.prisma.call.updateMany({ where: { ...owned, OR: outweighedBy(disposition), wrappedAt: null }, data: { disposition } });
  if (endsCall) await db.prisma.call.updateMany({ where: { ...owned, endedBy: null, endedAt: null }, data: { endedBy: 'agent' } });
  const { count } = await db.prisma.call.updateMany({ where: owned, data: { exchanges, agentClosed, mediaClosedAt: closedAt } });
  return count > 0;
}

function outweighedBy(disposition: Disposition): { disposition: Disposition | null }[] {
  return disposition === 'message_left' ? [{ disposition: null }, { disposition: 'voicemail' }] : [{ disposition: null }];
}
