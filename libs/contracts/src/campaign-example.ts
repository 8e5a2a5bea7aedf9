/** As the API's description shows it; a test sends it. */
export const campaignExample = {
  name: 'Parcels that came back',
  policy: ['us-federal', 'us-strict-states'],
  default_region: 'US',
  initiate: {
    bot_company: 'Northwind Parcels',
    bot_name: 'Clara',
    agent_phone_number: '+14155550199',
    task: 'A parcel could not be delivered. Arrange a new delivery.',
    claim: [{ name: 'delivery_date', type: 'datetime', description: 'New delivery date' }],
  },
  max_concurrent: 8,
  windows: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '18:00' }],
  consent: 'express_written',
  daily_cap: 5000,
};
