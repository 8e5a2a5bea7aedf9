import type { BlacklistCheck, BlacklistEntryView, Page } from '@carillon/contracts';
import type { BlacklistEntry } from '../generated/client.js';
import { pageFrom } from '../page.js';
import type { Db } from '../transaction.js';
import { EVERY, scopeView } from './blacklist-scope.js';

interface EntryQuery {
  tenantId: string;
  phoneE164?: string | undefined;
  limit: number;
  after?: string | undefined;
}

/** Entries of the tenant, and the global ones, oldest first; also those that have expired. */
export async function listBlacklist(db: Db, { tenantId, phoneE164, limit, after }: EntryQuery): Promise<Page<BlacklistEntryView>> {
  const rows = await db.prisma.blacklistEntry.findMany({
    where: {
      tenantId: { in: [tenantId, EVERY] },
      ...(phoneE164 === undefined ? {} : { phoneE164 }),
      ...(after === undefined ? {} : { id: { gt: BigInt(after) } }),
    },
    orderBy: { id: 'asc' },
    take: limit + 1,
  });
  return pageFrom(rows.map(entryView), limit);
}

/** Whether a person may be called by nobody of the tenant now, and every entry that holds. */
export async function checkBlacklist(db: Db, key: { tenantId: string; phoneE164: string; now: Date }): Promise<BlacklistCheck> {
  const rows = await db.prisma.blacklistEntry.findMany({
    where: {
      tenantId: { in: [key.tenantId, EVERY] },
      phoneE164: key.phoneE164,
      OR: [{ expiresAt: null }, { expiresAt: { gt: key.now } }],
    },
    orderBy: { id: 'asc' },
  });
  const entries = rows.map(entryView);
  return { phone_number: key.phoneE164, blacklisted: entries.some(({ scope }) => scope !== 'campaign'), entries };
}

export function entryView(row: BlacklistEntry): BlacklistEntryView {
  return {
    id: row.id.toString(),
    phone_number: row.phoneE164,
    ...scopeView(row),
    reason: row.reason,
    source: row.source as BlacklistEntryView['source'],
    created_at: row.createdAt.toISOString(),
    expires_at: row.expiresAt?.toISOString() ?? null,
  };
}
