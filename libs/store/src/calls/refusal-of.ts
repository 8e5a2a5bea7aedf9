import type { Verdict } from '@carillon/campaigns';
import type { Refusal } from '@carillon/contracts';

/** What the gate said, as it is told to whoever asked. */
export function refusalOf({ reasons, nextAt }: Pick<Verdict, 'reasons' | 'nextAt'>): Refusal {
  return {
    reasons: reasons.map(({ code, rule, message, until }) => ({ code, message, rule, until: until?.toISOString() ?? null })),
    next_allowed_at: nextAt?.toISOString() ?? null,
  };
}
