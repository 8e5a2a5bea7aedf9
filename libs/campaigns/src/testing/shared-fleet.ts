import { AnswerRates } from '../pacing/answer-rates.js';
import { slotsHeld } from '../pacing/desired-slots.js';
import { dialsToStart, type PacingMode } from '../pacing/dials-to-start.js';
import { shareFreeSlots } from '../pacing/share-free-slots.js';
import { TalkTimes } from '../pacing/talk-times.js';
import { seeded } from './seeded.js';

export interface FleetCampaign {
  id: string;
  mode: PacingMode;
  answerRate: number;
  talkMs: number;
}

interface OpenCall {
  startedAt: number;
  ringMs: number;
  talkMs: number;
  answeredAt: number | null;
}

class PacedCampaign {
  readonly rates = new AnswerRates();
  readonly times = new TalkTimes();
  calls: OpenCall[] = [];
  answered = 0;
  abandoned = 0;
  talkedMs = 0;

  constructor(readonly settings: FleetCampaign) {}

  pacing(now: number) {
    const talks = this.calls.filter(({ answeredAt }) => answeredAt !== null);
    const ringing = this.calls.filter(({ answeredAt }) => answeredAt === null).map(({ startedAt }) => now - startedAt);
    const finishing = { talkedMs: talks.map(({ answeredAt }) => now - (answeredAt ?? now)), times: this.times };
    return { mode: this.settings.mode, talking: talks.length, ringing, now, rates: this.rates, finishing };
  }
}

/** Campaigns with endless contacts on one fleet, as the schedule tick paces them: what each holds, who gets the free slots, how many calls it starts with them. */
export function runSharedFleet(campaigns: readonly FleetCampaign[], slots: number, { hours, seed }: { hours: number; seed: number }) {
  const random = seeded(seed);
  const paced = campaigns.map((campaign) => new PacedCampaign(campaign));
  const tickMs = 250;
  for (let now = 0; now < hours * 3_600_000; now += tickMs) {
    for (const campaign of paced) endCalls(campaign, now);
    for (const campaign of paced) answerCalls(campaign, now, () => slots - talking(paced));
    const held = new Map(paced.map((campaign) => [campaign, slotsHeld(campaign.pacing(now))]));
    const seekers = paced.map((campaign) => ({
      id: campaign.settings.id,
      tenantId: 'acme',
      weight: 1,
      active: held.get(campaign) ?? 0,
      wants: slots,
      maxConcurrent: slots,
    }));
    const given = shareFreeSlots({ seekers, free: slots - [...held.values()].reduce((sum, one) => sum + one, 0) });
    for (const campaign of paced) {
      const { answerRate, talkMs } = campaign.settings;
      const pacing = {
        ...campaign.pacing(now),
        slots: (held.get(campaign) ?? 0) + (given.get(campaign.settings.id) ?? 0),
        abandonment: null,
      };
      for (let dials = dialsToStart(pacing); dials > 0; dials--) {
        const ringMs = random() < answerRate ? 6_000 + 12_000 * random() : 28_000;
        campaign.calls.push({ startedAt: now, ringMs, talkMs: -talkMs * Math.log(1 - random()), answeredAt: null });
      }
      campaign.talkedMs += tickMs * campaign.calls.filter(({ answeredAt }) => answeredAt !== null).length;
    }
  }
  return paced.map(({ answered, abandoned, talkedMs }) => ({ answered, abandoned, utilisation: talkedMs / (hours * 3_600_000 * slots) }));
}

function talking(campaigns: readonly PacedCampaign[]): number {
  return campaigns.reduce((sum, { calls }) => sum + calls.filter(({ answeredAt }) => answeredAt !== null).length, 0);
}

function endCalls(campaign: PacedCampaign, now: number): void {
  campaign.calls = campaign.calls.filter(({ startedAt, ringMs, talkMs, answeredAt }) => {
    if (answeredAt !== null) {
      if (answeredAt + talkMs > now) return true;
      campaign.times.observe({ at: now, talkMs });
      return false;
    }
    if (ringMs < 28_000 || startedAt + ringMs > now) return true;
    campaign.rates.observe({ at: now, ringMs, answered: false });
    return false;
  });
}

function answerCalls(campaign: PacedCampaign, now: number, free: () => number): void {
  const answering = campaign.calls.filter(({ startedAt, ringMs, answeredAt }) => answeredAt === null && startedAt + ringMs <= now);
  for (const call of answering) {
    campaign.rates.observe({ at: now, ringMs: call.ringMs, answered: true });
    campaign.answered++;
    if (free() > 0) call.answeredAt = now;
    else {
      campaign.abandoned++;
      campaign.calls.splice(campaign.calls.indexOf(call), 1);
    }
  }
}
