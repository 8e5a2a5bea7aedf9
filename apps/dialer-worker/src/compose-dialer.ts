import type { Coordination, JobHandlers } from '@carillon/coordination';
import type { Logger } from '@carillon/platform';
import type { Store } from '@carillon/store';
import type { Carrier } from '@carillon/telephony';
import { createApplyCarrierEvent } from './apply-carrier-event.js';
import { createCallNews } from './call-news.js';
import type { Now } from './clock.js';
import type { AddressCall } from './dial/call-addresses.js';
import { createDialBrake } from './dial/dial-brake.js';
import { createDialCall } from './dial/dial-call.js';
import { createPlaceCall } from './dial/place-call.js';
import { createPrepareCall } from './dial/prepare-call.js';
import { createPutBackCall } from './dial/put-back-call.js';
import { createRefuseCall } from './dial/refuse-call.js';
import type { DialerMetrics } from './dialer-metrics.js';
import { createReapCampaigns } from './reaper/reap-campaigns.js';
import { createReapForgottenWork } from './reaper/reap-forgotten-work.js';
import { createReapOverdueCalls } from './reaper/reap-overdue-calls.js';
import { createReapReservations } from './reaper/reap-reservations.js';
import { createReapSlots } from './reaper/reap-slots.js';
import { createReapUnknownCalls } from './reaper/reap-unknown-calls.js';
import { createReaper } from './reaper/reaper.js';
import { createScheduleTick } from './schedule/schedule-tick.js';
import { createCompleteCampaigns } from './wrap-up/complete-campaigns.js';
import { createSynthesiseCall, type JsonModel } from './wrap-up/synthesise-call.js';
import { createWrapUpCall } from './wrap-up/wrap-up-call.js';

/** What the dialer stands on. Everything else is made here. */
export interface DialerParts {
  store: Store;
  coordination: DialerCoordination;
  carrier: Pick<Carrier, 'place' | 'hangUp' | 'outcomeOf'>;
  model: JsonModel;
  addressOf: AddressCall;
  metrics: DialerMetrics;
  log: Logger;
  now: Now;
}

export interface DialerCoordination {
  conveyor: Pick<Coordination['conveyor'], 'enqueue'>;
  fleet: Pick<Coordination['fleet'], 'countSlots' | 'reserveSlot' | 'releaseSlot' | 'heldCalls'>;
  calls: Pick<Coordination['calls'], 'putContext'>;
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
  const { store, carrier, metrics, log, now } = parts;
  const { conveyor, fleet, calls, live } = parts.coordination;
  const brake = createDialBrake();
  const news = createCallNews({ store, carrier, fleet, live, conveyor, metrics, log });
  const complete = createCompleteCampaigns({ store, live, log, now });

  const putBack = createPutBackCall({ store, fleet, now });
  const prepare = createPrepareCall({ store, fleet, calls });
  const refuse = createRefuseCall({ store, putBack, news, brake, live, log, now });
  const place = createPlaceCall({ carrier, addressOf: parts.addressOf, news, refuse, putBack, log, now });

  const steps = [
    createReapReservations({ store, putBack, news, conveyor, now }),
    createReapUnknownCalls({ store, prepare, place, news, now }),
    createReapOverdueCalls({ store, carrier, news, log, now }),
    createReapForgottenWork({ store, conveyor, now }),
    createReapSlots({ store, fleet }),
    createReapCampaigns({ store, complete, metrics, now }),
  ];
  return {
    handlers: {
      dial: createDialCall({ store, prepare, place, putBack, live, metrics, now }),
      'carrier-event': createApplyCarrierEvent({ store, news, outcomeOf: carrier.outcomeOf, now }),
      'wrap-up': createWrapUpCall({ store, fleet, live, conveyor, complete, outcomeOf: carrier.outcomeOf, metrics, now }),
      synthesise: createSynthesiseCall({ store, model: parts.model }),
    },
    tick: createScheduleTick({ store, fleet, conveyor, brake, metrics, now }),
    reap: createReaper(steps, log),
  };
}
