import { campaignRequestSchema } from '@carillon/contracts';

/** A campaign as tests send it. */
export const exampleCampaign = campaignRequestSchema.parse({
  name: 'Spring check-up',
  policy: 'none',
  default_region: 'US',
  initiate: {
    bot_company: 'Contoso',
    bot_name: 'Amélie',
    agent_phone_number: '+14155550199',
    claim: [
      { name: 'full_name', type: 'text' },
      { name: 'visit_at', type: 'datetime' },
    ],
  },
});
