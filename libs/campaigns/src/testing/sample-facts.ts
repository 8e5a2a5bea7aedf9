import type { CampaignRules, DayCount, DialFacts } from '../gate/dial-facts.js';

const unlimited: DayCount = { used: 0, limit: null };

/** A Wednesday, 14:00 in New York. */
export const WEDNESDAY_NOON = new Date('2026-03-04T19:00:00Z');

export const runningCampaign: CampaignRules = {
  campaignId: 'spring',
  status: 'running',
  policies: ['us-federal'],
  windows: null,
  holidays: [],
  startsAt: null,
  endsAt: null,
  consent: null,
  perPerson: { max_per_day: null, max_per_week: null },
};

/** A person in New York who agreed in writing, was never called, and may be called now. */
export const callable: DialFacts = {
  now: WEDNESDAY_NOON,
  campaign: runningCampaign,
  bucket: { country: 'US', regions: ['NY'], timeZones: ['America/New_York'], consent: 'express_written' },
  tenantPolicies: [],
  blacklisted: null,
  history: [],
  inCall: false,
  counts: { endsAt: new Date('2026-03-05T00:00:00Z'), campaign: unlimited, tenant: unlimited, number: unlimited, account: unlimited },
  budget: null,
};

/** `callable` with other policies, place or time. */
export function factsOf(changes: Partial<DialFacts> & { policies?: string[]; campaignRules?: Partial<CampaignRules> }): DialFacts {
  const { policies, campaignRules, ...facts } = changes;
  const campaign = { ...runningCampaign, ...(policies && { policies }), ...campaignRules };
  return { ...callable, campaign, ...facts };
}
