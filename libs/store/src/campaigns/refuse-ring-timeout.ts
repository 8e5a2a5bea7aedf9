import { ringLimitsOf } from '@carillon/campaigns';
import { CarillonError, type CampaignRequest } from '@carillon/contracts';

/**
 * Throws `invalid_body` for a ring timeout that the campaign's own policies do not allow. Those of the tenant may come later: the claim keeps a call within the limits of
 * all that apply to it.
 */
export function refuseRingTimeout({ policy, ring_timeout_ms: ringTimeoutMs }: Pick<CampaignRequest, 'policy' | 'ring_timeout_ms'>): void {
  const { minMs, maxMs } = ringLimitsOf(policy, null);
  const limit =
    minMs !== null && ringTimeoutMs < minMs
      ? `at least ${minMs}, so long a phone must ring`
      : maxMs !== null && ringTimeoutMs > maxMs
        ? `at most ${maxMs}, longer a phone must not ring`
        : null;
  if (limit === null) return;
  throw new CarillonError('invalid_body', [{ field: 'ring_timeout_ms', message: `must be ${limit} under ${policy.join(', ')}` }]);
}
