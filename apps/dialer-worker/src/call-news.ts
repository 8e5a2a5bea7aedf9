import { isOver } from '@carillon/campaigns';
import type { Admission, LiveChannel } from '@carillon/coordination';
import { callLogger, type Logger } from '@carillon/platform';
import {
  applyCallFact,
  carrierToldTheEnd,
  type CallChange,
  type CallNews,
  type Coalesced,
  type LedgerCall,
  type PlacedCall,
  type Store,
} from '@carillon/store';
import type { Carrier } from '@carillon/telephony';
import type { Now } from './clock.js';
import { deadlines } from './deadlines.js';
import type { DialerMetrics } from './dialer-metrics.js';
import type { WrapUpCall } from './wrap-up/wrap-up-call.js';

export interface CallNewsOptions {
  store: Store;
  carrier: Pick<Carrier, 'hangUp'>;
  admission: Pick<Admission, 'release'>;
  live: Pick<LiveChannel, 'publish'>;
  wrapUp: WrapUpCall;
  notePlaced: Coalesced<PlacedCall, boolean>;
  metrics: DialerMetrics;
  log: Logger;
  now: Now;
}

/** The one door through which facts about sent calls reach the ledger, whoever learned them. */
export interface CallNewsDesk {
  /**
   * Applies one fact and does what follows from it. Harmless when repeated: the ledger knows what is old news, and hang-ups, freed slots and jobs may
   * come twice.
   */
  apply(news: CallNews): Promise<CallChange | null>;
  /** The same for the carrier's own answer, which comes for every call and is seldom the second thing that is known: many are written at once. */
  placed(call: LedgerCall, answer: { connectionId: string; at: Date }): Promise<void>;
  /** Wraps up a call that has ended; where that fails, or is too early, it is done later by job (media worker, reaper). Apart from `apply`, since the wrap-up waits for events that are not marked as processed. */
  settle(call: LedgerCall): Promise<void>;
}

export function createCallNews(options: CallNewsOptions): CallNewsDesk {
  const { store, admission, live, wrapUp, notePlaced } = options;
  const apply = async (news: CallNews) => {
    const change = await applyCallFact(store, news);
    if (!change) return null;
    if (change.secondConnection) await hangUpSecond(options, news);
    else if (change.moved) await announce(live, change.call, news.at);
    else await hangUpLate(options, change.call, news);
    if (isOver(change.call.state)) await admission.release(change.call.callId);
    return change;
  };
  return {
    apply,
    async placed(call, { connectionId, at }) {
      const { tenantId, callId } = call;
      if (call.state === 'dialing' && (await notePlaced({ tenantId, callId, connectionId, at })))
        await announce(live, { ...call, state: 'ringing' }, at);
      else await apply({ tenantId, callId, fact: 'placed', at, connectionId });
    },
    async settle({ tenantId, callId, state, wrappedAt }) {
      if (state === 'ended' && !wrappedAt) await wrapUp({ tenantId, callId });
    },
  };
}

async function announce(live: Pick<LiveChannel, 'publish'>, call: LedgerCall, moment: Date): Promise<void> {
  const { tenantId, callId, campaignId, state } = call;
  if (state !== 'ringing' && state !== 'answered') return;
  await live.publish({ tenantId, at: moment.toISOString(), type: `call.${state}`, callId, campaignId });
}

/** One person must not be in two calls. Each connection tells of its answer or its placing once, so each is counted once. */
async function hangUpSecond({ carrier, metrics, log, now }: CallNewsOptions, { fact, connectionId, at, ...call }: CallNews): Promise<void> {
  if (fact === 'ended' || !connectionId) return;
  if (fact === 'answered') metrics.doubleDial();
  callLogger(log, call).error({ fact }, 'the carrier has two calls for one of ours; the second is hung up');
  await hangUpWhileYoung({ carrier, log, now }, call, connectionId, at);
}

/** News of a call that is over in our books, but not at the carrier: somebody is being called, or speaks into nothing. */
async function hangUpLate(
  { store, carrier, metrics, log, now }: CallNewsOptions,
  call: LedgerCall,
  { fact, connectionId, at }: CallNews,
): Promise<void> {
  if (!isOver(call.state) || fact === 'ended' || !connectionId) return;
  if (await carrierToldTheEnd(store, call, connectionId)) return;
  if (fact === 'answered') metrics.lateCall();
  callLogger(log, call).warn({ fact }, 'a call that is over in our books lives at the carrier; it is hung up');
  await hangUpWhileYoung({ carrier, log, now }, call, connectionId, at);
}

/** Rejects when the carrier does not do it, so that it is tried again with the event; but not for ever. */
async function hangUpWhileYoung(
  { carrier, log, now }: Pick<CallNewsOptions, 'carrier' | 'log' | 'now'>,
  call: { tenantId: string; callId: string },
  connectionId: string,
  since: Date,
): Promise<void> {
  try {
    await carrier.hangUp(connectionId);
  } catch (error) {
    if (now().getTime() - since.getTime() < deadlines.hangUpAgainMs) throw error;
    callLogger(log, call).error({ err: error }, 'the carrier will not hang up a call that nobody owns; it is left to its own end');
  }
}
