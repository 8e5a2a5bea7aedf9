import {
  CarillonError,
  type BlacklistImportQuery,
  type BlacklistImportView,
  type BlacklistRequest,
  type BlacklistResult,
} from '@carillon/contracts';
import { blacklistPeople, importBlacklist, writeAudit, type ApiIdentity, type Scope } from '@carillon/store';
import type { ApiParts } from '../api-parts.js';
import { refuseUnknownCampaign } from '../campaigns/refuse-unknown-campaign.js';

/** Some five million numbers. */
const MAX_FILE_BYTES = 104_857_600;

/** Throws `forbidden` for a global entry without an admin key, `not_found` for a campaign that is not there. */
export async function blacklist(parts: ApiParts, caller: ApiIdentity, request: BlacklistRequest): Promise<BlacklistResult> {
  const { tenantId } = caller;
  const { phone_number: phones, reason, expires_at: expiresAt } = request;
  const now = parts.now();
  if (expiresAt !== null && new Date(expiresAt) <= now)
    throw new CarillonError('invalid_body', [{ field: 'expires_at', message: 'has passed' }]);
  const scope = await scopeOf(parts, caller, request);
  const entry = {
    tenantId,
    phones,
    scope,
    reason,
    source: 'api' as const,
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    now,
  };
  const result = await blacklistPeople(parts.store, entry);
  await audit(parts, caller, { action: 'add', scope, reason, result });
  return result;
}

/** As `blacklist`, for a file; throws what `importBlacklist` throws as well. */
export async function blacklistFile(
  parts: ApiParts,
  caller: ApiIdentity,
  query: BlacklistImportQuery,
  file: AsyncIterable<Uint8Array>,
): Promise<BlacklistImportView> {
  const { reason, default_region: defaultRegion } = query;
  const scope = await scopeOf(parts, caller, query);
  const input = { tenantId: caller.tenantId, scope, reason, defaultRegion, maxBytes: MAX_FILE_BYTES, now: parts.now };
  const result = await importBlacklist(parts.store, input, file);
  await audit(parts, caller, { action: 'import', scope, reason, result });
  return result;
}

async function scopeOf(
  { store }: ApiParts,
  { tenantId, role }: ApiIdentity,
  { scope, campaign_id: campaignId }: Pick<BlacklistRequest, 'scope' | 'campaign_id'>,
): Promise<Scope> {
  if (scope === 'global') {
    if (role === 'admin') return { kind: 'global' };
    throw new CarillonError('forbidden', [{ field: 'scope', message: `a global entry takes an admin key; this one has the role ${role}` }]);
  }
  if (campaignId === undefined) return { kind: 'tenant' };
  await refuseUnknownCampaign(store, { tenantId, campaignId });
  return { kind: 'campaign', campaignId };
}

/** The entries themselves say who is on the list; this says who put them there. */
function audit(
  { store, now }: ApiParts,
  { tenantId, label: actor }: ApiIdentity,
  { action, scope, reason, result }: { action: string; scope: Scope; reason: string; result: BlacklistResult },
): Promise<void> {
  const { added, already_listed, contacts_stopped, calls_released } = result;
  const changes = { entries: { from: null, to: { scope, reason, added, already_listed, contacts_stopped, calls_released } } };
  return writeAudit(store, { tenantId, actor, action, subject: 'blacklist', subjectId: scope.kind, changes, at: now() });
}
