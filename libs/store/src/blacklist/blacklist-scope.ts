import type { BlacklistScope } from '@carillon/contracts';

/** For whom an entry holds. */
export type Scope = { kind: 'global' } | { kind: 'tenant' } | { kind: 'campaign'; campaignId: string };

/** In both columns: whoever, whatever. */
export const EVERY = '*';

export interface ScopeColumns {
  tenantId: string;
  scope: string;
}

/** Where an entry of this scope is kept: a global one belongs to no tenant. */
export function scopeColumns(tenantId: string, scope: Scope): ScopeColumns {
  return {
    tenantId: scope.kind === 'global' ? EVERY : tenantId,
    scope: scope.kind === 'campaign' ? scope.campaignId : EVERY,
  };
}

export function scopeView({ tenantId, scope }: ScopeColumns): { scope: BlacklistScope; campaign_id: string | null } {
  if (scope !== EVERY) return { scope: 'campaign', campaign_id: scope };
  return { scope: tenantId === EVERY ? 'global' : 'tenant', campaign_id: null };
}
