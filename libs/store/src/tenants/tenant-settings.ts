import { parseTenantSettings, type TenantSettings } from '@carillon/contracts';
import { changesBetween, writeAudit } from '../audit/audit-trail.js';
import { toJson } from '../json.js';
import type { Store } from '../open-store.js';
import { inTransaction, type Db } from '../transaction.js';

/** The tenant's own limits; the defaults where it has set none. */
export async function findTenantSettings(db: Db, { tenantId }: { tenantId: string }): Promise<TenantSettings> {
  const tenant = await db.prisma.tenant.findUnique({ where: { id: tenantId }, select: { settings: true } });
  return parseTenantSettings(tenant?.settings);
}

/** Replaces the tenant's limits; the next call goes by them. */
export function storeTenantSettings(
  store: Store,
  { tenantId, actor, settings, now }: { tenantId: string; actor: string; settings: TenantSettings; now: Date },
): Promise<TenantSettings> {
  return inTransaction(store, async (transaction) => {
    const changes = changesBetween(await findTenantSettings(transaction, { tenantId }), settings);
    const data = { settings: toJson(settings) };
    await transaction.prisma.tenant.upsert({ where: { id: tenantId }, update: data, create: { id: tenantId, name: tenantId, ...data } });
    await writeAudit(transaction, { tenantId, actor, action: 'update', subject: 'tenant', subjectId: tenantId, changes, at: now });
    return settings;
  });
}
