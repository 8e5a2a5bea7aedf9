import type { Initiate } from '@carillon/contracts';

export const INITIATE: Initiate = {
  bot_company: 'Contoso',
  bot_name: 'Amelie',
  task: 'Ask for the meter reading',
  agent_phone_number: '+14155550199',
  claim: [],
  lang: { default_short_code: 'en-US', availables: [] },
  prosody_rate: 1,
};
