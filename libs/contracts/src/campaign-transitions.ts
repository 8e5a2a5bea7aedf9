import type { CampaignStatus } from './campaign.js';

/** What people may do to a campaign. */
export const CAMPAIGN_ACTIONS = ['start', 'pause', 'resume', 'cancel'] as const;
export type CampaignAction = (typeof CAMPAIGN_ACTIONS)[number];

/** What the engine does by itself: `begin` when `starts_at` has come, `complete` when nobody waits any more or `ends_at` has come. */
export const ENGINE_MOVES = ['begin', 'complete'] as const;
export type CampaignMove = CampaignAction | (typeof ENGINE_MOVES)[number];

/** From where each move leads, and to where. `start` ends in `scheduled` while `starts_at` lies ahead. */
export const CAMPAIGN_TRANSITIONS: Record<CampaignMove, { from: readonly CampaignStatus[]; to: CampaignStatus }> = {
  start: { from: ['draft', 'scheduled'], to: 'running' },
  begin: { from: ['scheduled'], to: 'running' },
  pause: { from: ['running'], to: 'paused' },
  resume: { from: ['paused'], to: 'running' },
  complete: { from: ['running', 'paused', 'scheduled'], to: 'completed' },
  cancel: { from: ['draft', 'scheduled', 'running', 'paused'], to: 'cancelled' },
};

/** Where the move leads from this status, null when it is not allowed there. A `start` before `startsAt` only schedules, and only a draft. */
export function nextCampaignStatus(
  status: CampaignStatus,
  move: CampaignMove,
  time: { startsAt: Date | null; now: Date },
): CampaignStatus | null {
  const { from, to } = CAMPAIGN_TRANSITIONS[move];
  if (!from.includes(status)) return null;
  if (move !== 'start' || time.startsAt === null || time.startsAt <= time.now) return to;
  return status === 'draft' ? 'scheduled' : null;
}

/** Nothing can happen to the campaign any more, and nothing of it can be changed. */
export function isCampaignOver(status: CampaignStatus): boolean {
  return status === 'completed' || status === 'cancelled';
}
