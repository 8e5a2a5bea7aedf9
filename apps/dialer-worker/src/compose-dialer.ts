import type { Coordination, JobHandlers } from '@carillon/coordination';
import type { Logger, ReachFailpoint } from '@carillon/platform';
import { createDialCases, createDialStarts, createPlacedNotes, rechargeCall, type CallKey, type Store } from '@carillon/store';
import type { Carrier } from '@carillon/telephony';
import { createApplyCarrierEvent } from './apply-carrier-event.js';
import { createCallNews } from './call-news.js';
import type { Now, Wait } from './clock.js';
import { createAdmitCall } from './dial/admit-call.js';
import type { AccountLimits } from './dial/admission-scopes.js';
import type { AddressCall } from './dial/call-addresses.js';
import { createClearCall } from './dial/clear-call.js';
import { createDialCall } from './dial/dial-call.js';
import { createEndUnsentCall } from './dial/end-unsent-call.js';
import { createPlaceCall } from './dial/place-call.js';
import { createPutBackCall } from './dial/put-back-call.js';
import { createRefuseCall } from './dial/refuse-call.js';
import type { DialerMetrics } from './dialer-metrics.js';
import { createReapCampaigns } from './reaper/reap-campaigns.js';
import { createHangUpOverdue } from './reaper/hang-up-overdue.js';
import { createReapForgottenWork } from './reaper/reap-forgotten-work.js';
import { createReapForsakenCalls } from './reaper/reap-forsaken-calls.js';
import { createReapOverdueCalls } from './reaper/reap-overdue-calls.js';
import { createReapReservations } from './reaper/reap-reservations.js';
import { createReapSlots } from './reaper/reap-slots.js';
import { createReapUnknownCalls } from './reaper/reap-unknown-calls.js';
import { createReaper } from './reaper/reaper.js';
import { createRestNumbers } from './reaper/rest-numbers.js';
import { createStartScheduledCalls } from './reaper/start-scheduled-calls.js';
import { createAbandonmentWatch } from './schedule/abandonment-watch.js';
import { createAnswerWatch } from './schedule/answer-watch.js';
import { createBreakerWatch } from './schedule/breaker-watch.js';
import { createDialPace } from './schedule/dial-pace.js';
import { createOpenBuckets } from './schedule/open-buckets.js';
import { createRebuildFleet } from './schedule/rebuild-fleet.js';
import { createScheduleTick } from './schedule/schedule-tick.js';
import { createCompleteCampaigns } from './wrap-up/complete-campaigns.js';
import { createPlanContact } from './wrap-up/plan-contact.js';
import { createSynthesiseCall, type JsonModel } from './wrap-up/synthesise-call.js';
import { createWrapUpCall } from './wrap-up/wrap-up-call.js';

/** What the dialer stands on. Everything else is made here. */
export interface DialerParts {
  store: Store;
  coordination: DialerCoordination;
  carrier: Pick<Carrier, 'place' | 'hangUp' | 'outcomeOf'>;
  model: JsonModel;
  addressOf: AddressCall;
  /** Limits of the account with the carrier, and the numbers of tenants that registered none. */
  account: AccountLimits;
  sourceNumbers: readonly string[];
  metrics: DialerMetrics;
  log: Logger;
  reach: ReachFailpoint;
  now: Now;
  wait: Wait;
  /** Uniform in [0, 1): spreads retries. */
  random: () => number;
}

export interface DialerCoordination {
  conveyor: Pick<Coordination['conveyor'], 'enqueue' | 'enqueueAll'>;
  admission: Coordination['admission'];
  fleet: Pick<Coordination['fleet'], 'countSlots' | 'heldCalls' | 'lastHeartbeats'>;
  calls: Pick<Coordination['calls'], 'putContext' | 'tellTransferFailed' | 'owners'>;
  live: Pick<Coordination['live'], 'publish'>;
}

export interface Dialer {
  handlers: JobHandlers;
  /** Claims contacts for the free slots. */
  tick(): Promise<void>;
  /** Takes up what others left lying. */
  reap(): Promise<void>;
}

/** Wires the dialer: this file says who talks to whom, and nothing else. */
export function composeDialer(parts: DialerParts): Dialer {
  const { store, carrier, account, sourceNumbers, metrics, log, reach, now, wait } = parts;
  const { conveyor, admission, fleet, calls, live } = parts.coordination;
  const complete = createCompleteCampaigns({ store, live, log, now });
  const plan = createPlanContact({ store, random: parts.random });
  const { outcomeOf } = carrier;
  const wrapUp = createWrapUpCall({ store, admission, live, conveyor, complete, plan, outcomeOf, metrics, reach, now });
  const notePlaced = createPlacedNotes(store);
  const news = createCallNews({ store, carrier, admission, live, wrapUp, notePlaced, metrics, log, now });

  const putBack = createPutBackCall({ store, admission, now });
  const admit = createAdmitCall({ admission, account });
  const lookUp = createDialCases(store, now);
  const startDialing = createDialStarts(store);
  const recharge = (call: CallKey) => rechargeCall(store, { ...call, account, now: now() });
  const clear = createClearCall({ lookUp, admit, calls, account, recharge, reach, now, wait });
  const endUnsent = createEndUnsentCall({ store, admission, live, complete, metrics, now });
  const refuse = createRefuseCall({ store, putBack, endUnsent, admission, live, log, now });
  const place = createPlaceCall({ carrier, addressOf: parts.addressOf, news, refuse, putBack, endUnsent, log, reach, now });
  const hangUp = createHangUpOverdue({ store, carrier, news, log, metrics, now });

  const steps = [
    createReapReservations({ store, putBack, endUnsent, conveyor, now }),
    createReapUnknownCalls({ store, lookUp, clear, place, news, now }),
    createReapOverdueCalls({ store, calls, hangUp, now }),
    createReapForsakenCalls({ store, fleet, calls, hangUp, now }),
    createReapForgottenWork({ store, conveyor, now }),
    createReapSlots({ store, fleet, admission }),
    createStartScheduledCalls({ store, conveyor, account, log, now }),
    createRestNumbers({ store, log, now }),
    createReapCampaigns({ store, complete, live, metrics, log, now }),
  ];
  return {
    handlers: {
      dial: createDialCall({ lookUp, clear, startDialing, place, putBack, live, metrics, reach, now }),
      'carrier-event': createApplyCarrierEvent({ store, news, calls, outcomeOf, reach, now }),
      'wrap-up': wrapUp,
      synthesise: createSynthesiseCall({ store, model: parts.model }),
    },
    tick: createScheduleTick({
      ...{ store, fleet, admission, conveyor, account, sourceNumbers, metrics, reach, now },
      openBuckets: createOpenBuckets(),
      answers: createAnswerWatch(store),
      abandonment: createAbandonmentWatch(store),
      breakers: createBreakerWatch({ store, log }),
      pace: createDialPace(),
      rebuildFleet: createRebuildFleet({ store, admission, log }),
    }),
    reap: createReaper(steps, log),
  };
}
