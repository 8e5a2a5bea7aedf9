import type { CampaignSettings, Disposition, RetryRule, RetrySettings } from '@carillon/contracts';

const HOUR = 60;
const DAY = 24 * HOUR;

/**
 * What is called again where a campaign does not say otherwise. A line that is busy or a network that failed is worth a second try soon; who did not
 * pick up, or let a machine answer, in another part of the day; who refused us, once and not before tomorrow. A call of which nothing was ever heard may have rung, so
 * it waits as long as a call that did. Whom we kept waiting in vain is left alone for 72 hours. Who has our message on their machine has heard from us. What is not listed is never called again: above all a call that the network blocked as spam, which another try only confirms.
 */
export const DEFAULT_RETRY_RULES: Readonly<Partial<Record<Disposition, RetryRule>>> = {
  busy: { attempts: 2, delays_minutes: [15, 60] },
  no_answer: { attempts: 2, delays_minutes: [2 * HOUR, DAY] },
  no_conversation: { attempts: 2, delays_minutes: [DAY] },
  voicemail: { attempts: 2, delays_minutes: [DAY] },
  network_failure: { attempts: 2, delays_minutes: [5, 30] },
  no_evidence: { attempts: 1, delays_minutes: [4 * HOUR] },
  declined: { attempts: 1, delays_minutes: [DAY] },
  rejected: { attempts: 1, delays_minutes: [DAY] },
  abandoned: { attempts: 1, delays_minutes: [3 * DAY] },
};

/** The rule that holds for a disposition under these settings, or null when it is not called again. */
export function retryRuleFor(disposition: Disposition, settings: RetrySettings): RetryRule | null {
  const rules: Partial<Record<Disposition, RetryRule>> = settings.rules;
  const rule = rules[disposition] ?? DEFAULT_RETRY_RULES[disposition];
  return rule !== undefined && rule.attempts > 0 && rule.delays_minutes.length > 0 ? rule : null;
}

/** A campaign that hangs up on machines for good does not call again after one, unless it has a rule of its own for that. */
export function retrySettingsOf({ retry, answering_machine }: Pick<CampaignSettings, 'retry' | 'answering_machine'>): RetrySettings {
  if (answering_machine.on_machine !== 'hang_up' || retry.rules.voicemail !== undefined) return retry;
  return { ...retry, rules: { ...retry.rules, voicemail: { attempts: 0, delays_minutes: [] } } };
}
