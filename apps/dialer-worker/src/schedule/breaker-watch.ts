import { breakerAllowance, judgeBreaker, type BreakerState } from '@carillon/campaigns';
import type { Logger } from '@carillon/platform';
import { countDialedSince, endHold, holdCampaign, listCallSignals, type CampaignKey, type Store } from '@carillon/store';

const LOOK_EVERY_MS = 2_000;
/** More than a breaker needs to see which way things go. */
const SIGNALS = 200;

export interface WatchedCampaign extends CampaignKey {
  /** As the ledger has it: somebody may have ended the hold. */
  heldUntil: Date | null;
}

/** Stops a campaign whose calls fail, and lets a few through now and then to see whether it is over. Its neighbours go on. */
export interface BreakerWatch {
  /** Judges each running campaign by its last calls; at most every two seconds. */
  look(campaigns: readonly WatchedCampaign[], now: Date): Promise<void>;
  /** Calls that the campaign may start now. */
  allowanceOf(campaignId: string): number;
}

export function createBreakerWatch({ store, log }: { store: Store; log: Logger }): BreakerWatch {
  const states = new Map<string, BreakerState>();
  const allowances = new Map<string, number>();
  let lookedAt = new Date(0);

  const judge = async (campaign: WatchedCampaign, now: Date) => {
    const { campaignId, tenantId } = campaign;
    const before = seenBefore(states.get(campaignId), campaign, now);
    const state = judgeBreaker(await listCallSignals(store, campaignId, SIGNALS), now, before);
    states.set(campaignId, state);
    allowances.set(
      campaignId,
      breakerAllowance(state, state.phase === 'probing' ? await countDialedSince(store, campaignId, state.since) : 0),
    );
    if (state.phase === 'closed' && before?.phase === 'probing') await endHold(store, campaign);
    if (state.phase !== 'held' || before?.phase === 'held') return;
    log.error(
      { tenantId, campaignId, cause: state.cause, heldUntil: state.heldUntil },
      'the calls of a campaign fail; its dialing is held',
    );
    await holdCampaign(store, campaign, state.heldUntil, state.reason);
  };

  return {
    allowanceOf: (campaignId) => allowances.get(campaignId) ?? Infinity,
    async look(campaigns, now) {
      if (now.getTime() - lookedAt.getTime() < LOOK_EVERY_MS) return;
      lookedAt = now;
      const running = new Set(campaigns.map(({ campaignId }) => campaignId));
      for (const known of [...states.keys()]) if (!running.has(known)) [states, allowances].forEach((map) => map.delete(known));
      await Promise.all(campaigns.map((campaign) => judge(campaign, now)));
    },
  };
}

/** An operator who resumes a held campaign knows better than what its calls were before. */
function seenBefore(state: BreakerState | undefined, { heldUntil }: WatchedCampaign, now: Date): BreakerState | undefined {
  return state?.phase === 'held' && heldUntil === null ? { phase: 'closed', holds: state.holds, since: now } : state;
}
