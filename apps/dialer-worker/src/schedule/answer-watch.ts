import { AnswerRates, TalkTimes } from '@carillon/campaigns';
import { listRingOutcomes, type RingRow, type Store } from '@carillon/store';
import { before } from '../clock.js';

/** Outcomes that one look takes in; what is more waits for the next. */
const LOOK_LIMIT = 2_000;
/** How far back a new leader of the schedule looks to learn what the one before knew. */
const FIRST_LOOK_MS = 2 * 3_600_000;
const LOOK_EVERY_MS = 1_000;

/** What pacing knows of each campaign's answers. It lives in the process that leads the schedule and is learned again from the ledger by the next one. */
export interface AnswerWatch {
  ratesOf(campaignId: string): AnswerRates;
  talksOf(campaignId: string): TalkTimes;
  /** Learns from the calls that were answered or given up since the last look; at most once a second. */
  look(campaignIds: readonly string[], now: Date): Promise<void>;
}

export function createAnswerWatch(store: Store): AnswerWatch {
  const rates = new Map<string, AnswerRates>();
  const talks = new Map<string, TalkTimes>();
  const seen = new Map<string, Date>();
  /** Calls that talk and were learned from when they were answered: their end tells nothing new. */
  const talking = new Set<string>();
  let lookedAt = new Date(0);
  const ratesOf = (campaignId: string) => {
    const known = rates.get(campaignId) ?? new AnswerRates();
    rates.set(campaignId, known);
    return known;
  };
  const talksOf = (campaignId: string) => {
    const known = talks.get(campaignId) ?? new TalkTimes();
    talks.set(campaignId, known);
    return known;
  };

  const learn = ({ callId, campaignId, dialedAt, answeredAt, endedAt, wrappedAt }: RingRow) => {
    const toldBefore = talking.has(callId);
    if (wrappedAt) talking.delete(callId);
    else talking.add(callId);
    const at = answeredAt ?? endedAt;
    if (!toldBefore && at)
      ratesOf(campaignId).observe({ at: at.getTime(), ringMs: at.getTime() - dialedAt.getTime(), answered: answeredAt !== null });
    if (answeredAt && endedAt && wrappedAt)
      talksOf(campaignId).observe({ at: endedAt.getTime(), talkMs: endedAt.getTime() - answeredAt.getTime() });
  };

  return {
    ratesOf,
    talksOf,
    async look(campaignIds, now) {
      if (campaignIds.length === 0 || now.getTime() - lookedAt.getTime() < LOOK_EVERY_MS) return;
      lookedAt = now;
      for (const known of [...rates.keys()]) if (!campaignIds.includes(known)) [rates, talks, seen].forEach((map) => map.delete(known));
      for (const campaignId of campaignIds) {
        const since = seen.get(campaignId) ?? before(now, FIRST_LOOK_MS);
        const rows = await listRingOutcomes(store, [campaignId], since, LOOK_LIMIT);
        rows.forEach(learn);
        seen.set(
          campaignId,
          rows.reduce((latest, { wrappedAt }) => (wrappedAt && wrappedAt > latest ? wrappedAt : latest), since),
        );
      }
    },
  };
}
