import {
  CAMPAIGN_ACTIONS,
  CAMPAIGN_TRANSITIONS,
  ENGINE_MOVES,
  isCampaignOver,
  nextCampaignStatus,
  type CampaignMove,
} from './campaign-transitions.js';
import { CAMPAIGN_STATUSES, type CampaignStatus } from './campaign.js';

const now = new Date('2026-03-02T09:00:00Z');
const after = (status: CampaignStatus, move: CampaignMove, startsAt: Date | null = null) =>
  nextCampaignStatus(status, move, { startsAt, now });

describe('a campaign', () => {
  it('lives from draft to its end', () => {
    const life: [CampaignMove, CampaignStatus][] = [
      ['start', 'running'],
      ['pause', 'paused'],
      ['resume', 'running'],
      ['complete', 'completed'],
    ];
    let status: CampaignStatus = 'draft';
    for (const [move, next] of life) {
      expect(after(status, move)).toBe(next);
      status = next;
    }
  });

  it('waits for its start', () => {
    const tomorrow = new Date('2026-03-03T09:00:00Z');
    expect(after('draft', 'start', tomorrow)).toBe('scheduled');
    expect(after('scheduled', 'start', tomorrow)).toBeNull();
    expect(after('scheduled', 'begin', now)).toBe('running');
    expect(after('scheduled', 'start', now)).toBe('running');
  });

  it('that is over does not move', () => {
    for (const status of CAMPAIGN_STATUSES.filter(isCampaignOver))
      for (const move of [...CAMPAIGN_ACTIONS, ...ENGINE_MOVES]) expect(after(status, move)).toBeNull();
  });

  it('can be cancelled until it is over, and paused only while it runs', () => {
    expect(CAMPAIGN_STATUSES.filter((status) => after(status, 'cancel'))).toEqual(['draft', 'scheduled', 'running', 'paused']);
    expect(CAMPAIGN_STATUSES.filter((status) => after(status, 'pause'))).toEqual(['running']);
    expect(CAMPAIGN_TRANSITIONS.resume).toEqual({ from: ['paused'], to: 'running' });
  });
});
