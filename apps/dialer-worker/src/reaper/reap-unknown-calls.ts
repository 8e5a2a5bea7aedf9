import { withTraceparent } from '@carillon/platform';
import { claimRepeats, giveUpDialing, listSilentCalls, type LedgerCall, type Store } from '@carillon/store';
import type { CallNewsDesk } from '../call-news.js';
import { after, before, type Now } from '../clock.js';
import { deadlines } from '../deadlines.js';
import type { PlaceCall } from '../dial/place-call.js';
import type { ClearCall, LookUpCall } from '../dial/clear-call.js';
import { REAPER_BATCH, type ReaperStep } from './reaper.js';

export interface ReapUnknownCallsOptions {
  store: Store;
  lookUp: LookUpCall;
  clear: ClearCall;
  place: PlaceCall;
  news: CallNewsDesk;
  now: Now;
}

/** Requests repeated at once. */
const REPEATS = 20;

/**
 * Calls whose createCall nobody saw answered. While the carrier is sure to know their repeatability id the same request is posted again, which adopts the call
 * if there is one; after that they wait for evidence; without any they end as `no_evidence`, charged. A new id is never made up for them: that could ring
 * twice.
 */
export function createReapUnknownCalls(options: ReapUnknownCallsOptions): ReaperStep {
  const { store, news, now } = options;
  return {
    name: 'unknown calls',
    async run() {
      await giveUpDialing(store, now());
      const claim = {
        now: now(),
        sentAfter: before(now(), deadlines.evidenceMs),
        leaseUntil: after(now(), deadlines.repeatMs),
        limit: REPEATS,
      };
      const calls = await claimRepeats(store, claim);
      // One that fails must not keep the silent ones waiting; it is taken up again when its lease runs out.
      await Promise.allSettled(calls.map((call) => withTraceparent(call.traceparent, () => repeat(options, call))));
      for (const call of await listSilentCalls(store, before(now(), deadlines.evidenceMs), REAPER_BATCH)) {
        const change = await news.apply({ ...call, fact: 'ended', at: now(), end: { disposition: 'no_evidence' } });
        if (change) await news.settle(change.call);
      }
    },
  };
}

/** It may be that only the repeat makes the phone ring: then there must be a slot for whoever answers, and the call must be right now as well. */
async function repeat({ lookUp, clear, place }: ReapUnknownCallsOptions, call: LedgerCall): Promise<void> {
  const { repeatabilityId, firstSentAt } = call;
  if (!repeatabilityId || !firstSentAt) return;
  const dialCase = await lookUp(call);
  if (dialCase?.call.state !== 'unknown') return;
  const clearance = await clear(dialCase, AbortSignal.timeout(deadlines.placeMs));
  if (clearance.kind === 'clear') await place.again({ ...call, repeatabilityId, firstSentAt, until: clearance.verdict.until });
}
