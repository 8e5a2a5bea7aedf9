import {
  blacklistImportSchema,
  CarillonError,
  type BlacklistImportQuery,
  type BlacklistImportView,
  type BlacklistRequest,
  type BlacklistResult,
} from '@carillon/contracts';
import { blacklistPeople, importBlacklist, writeAudit, type ApiIdentity, type Scope } from '@carillon/store';
import type { ApiParts } from '../api-parts.js';
import { refuseUnknownCampaign } from '../campaigns/refuse-unknown-campaign.js';
import type { Upload } from '../contacts/open-upload.js';
import { reading, fieldsOf } from '../contacts/upload-contacts.js';

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
  await audit(parts, caller, { scope, reason, result });
  return result;
}

/** As `blacklist`, for a file; throws what `importBlacklist` throws as well. */
export async function blacklistFile(
  parts: ApiParts,
  caller: ApiIdentity,
  query: BlacklistImportQuery,
  upload: Upload,
): Promise<BlacklistImportView> {
  const { tenantId, label: actor } = caller;
  return reading(upload, async () => {
    const told = fieldsOf(blacklistImportSchema, { ...upload.fields, ...query });
    const { reason, default_region: defaultRegion } = told;
    const scope = await scopeOf(parts, caller, told);
    const input = { tenantId, actor, scope, reason, defaultRegion, maxBytes: MAX_FILE_BYTES, now: parts.now };
    return parts.uploadRooms.blacklists.enter(tenantId, () => importBlacklist(parts.store, input, upload.file));
  });
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
  { scope, reason, result }: { scope: Scope; reason: string; result: BlacklistResult },
): Promise<void> {
  const { added, already_listed, contacts_stopped, calls_released } = result;
  const changes = { entries: { from: null, to: { scope, reason, added, already_listed, contacts_stopped, calls_released } } };
  return writeAudit(store, { tenantId, actor, action: 'add', subject: 'blacklist', subjectId: scope.kind, changes, at: now() });
}
