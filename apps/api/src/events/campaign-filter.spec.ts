import type { LiveEvent } from '@carillon/contracts';
import { createCampaignFilter } from './campaign-filter.js';

const base = { tenantId: 'default', at: '2026-03-02T09:00:00.000Z' };
const dialing = (callId: string, campaignId: string | null): LiveEvent => ({
  ...base,
  type: 'call.dialing',
  callId,
  campaignId,
  phoneE164: '+14155550100',
});
const said = (callId: string): LiveEvent => ({ ...base, type: 'call.said', callId, persona: 'human', content: 'Hello' });
const ended = (callId: string, campaignId: string): LiveEvent => ({
  ...base,
  type: 'call.ended',
  callId,
  campaignId,
  disposition: 'completed',
});

describe('the events of one campaign', () => {
  it('are those that name it, and what is said in its calls', () => {
    const filter = createCampaignFilter('spring');
    expect(
      [dialing('a', 'spring'), said('a'), dialing('b', 'autumn'), said('b'), dialing('c', null), said('c')].map(filter.passes),
    ).toEqual([...[true, true, false, false, false, false]]);
    expect(filter.passes({ ...base, type: 'campaign.status', campaignId: 'spring', status: 'paused' })).toBe(true);
    expect(filter.passes({ ...base, type: 'campaign.status', campaignId: 'autumn', status: 'paused' })).toBe(false);
  });

  it('include calls that were open before one began to watch', () => {
    const filter = createCampaignFilter('spring');
    filter.know(['old']);
    expect(filter.passes(said('old'))).toBe(true);
  });

  it('forget a call that has ended', () => {
    const filter = createCampaignFilter('spring');
    expect([dialing('a', 'spring'), ended('a', 'spring'), said('a')].map(filter.passes)).toEqual([true, true, false]);
  });
});
