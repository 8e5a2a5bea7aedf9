import { DEFAULT_CAMPAIGN_SETTINGS, type CampaignSettings } from '@carillon/contracts';

/** Every rule of a campaign in force, none of which refuses. */
export const EVERY_RULE: CampaignSettings = {
  ...DEFAULT_CAMPAIGN_SETTINGS,
  windows: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '08:00', to: '20:00' }],
  calls_per_second: 1_000,
  daily_cap: 1_000_000,
  per_person: { max_per_day: 3, max_per_week: 7 },
  budget: { amount: 10_000_000, currency: 'USD', cost_per_call: 0.01, cost_per_minute: 0.02 },
};
