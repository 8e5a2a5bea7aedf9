import type { CallView, Synthesis } from '@carillon/contracts';
import { Prisma } from '../generated/client.js';
import { toJson } from '../json.js';
import type { Db } from '../transaction.js';

/** Stores the synthesis where there is none: true for the one writer that did, false for every later one. */
export async function storeSynthesis(
  db: Db,
  key: { tenantId: string; callId: string },
  result: { synthesis: Synthesis; next?: CallView['next'] },
): Promise<boolean> {
  const { count } = await db.prisma.conversation.updateMany({
    where: { tenantId: key.tenantId, calls: { some: { id: key.callId, tenantId: key.tenantId } }, synthesis: { equals: Prisma.DbNull } },
    data: { synthesis: toJson(result.synthesis), ...(result.next ? { next: toJson(result.next) } : {}) },
  });
  return count > 0;
}
