import type { CallFact } from '@carillon/campaigns';
import type { CallDesk, JobHandler } from '@carillon/coordination';
import type { ReachFailpoint } from '@carillon/platform';
import { findInboxEvent, markProcessed, noteTransferred, type CallNews, type InboxEvent, type Store } from '@carillon/store';
import type { CarrierEvent, CarrierOutcome, CarrierResult } from '@carillon/telephony';
import type { CallNewsDesk } from './call-news.js';
import type { Now } from './clock.js';

export interface ApplyCarrierEventOptions {
  store: Store;
  news: CallNewsDesk;
  calls: Pick<CallDesk, 'tellTransferFailed'>;
  /** What a result of this carrier means. */
  outcomeOf(result: CarrierResult | null): CarrierOutcome;
  reach: ReachFailpoint;
  now: Now;
}

/**
 * Applies one event of the inbox to its call.
 *
 * A second run is harmless: a processed event is left alone, and until it is marked so, applying it again changes nothing (the state table knows old news), and
 * whoever is told twice that a transfer has failed goes by the first time.
 */
export function createApplyCarrierEvent({
  store,
  news,
  calls,
  outcomeOf,
  reach,
  now,
}: ApplyCarrierEventOptions): JobHandler<'carrier-event'> {
  return async (payload) => {
    const event = await findInboxEvent(store, payload);
    if (!event || event.processedAt) return;
    reach('event.before-apply');
    const { type } = event.payload as StoredEvent;
    if (type === 'transferred') await noteTransferred(store, event, now());
    const change = await news.apply(newsOf(event, outcomeOf));
    if (type === 'transfer_failed') calls.tellTransferFailed(event);
    reach('event.after-apply');
    await markProcessed(store, { ...payload, now: now() });
    if (change) await news.settle(change.call);
  };
}

/** The inbox holds events as our own api wrote them: JSON, so with the time as text. */
type StoredEvent = Omit<CarrierEvent, 'at'> & { at: string; result?: CarrierResult | null };

function newsOf({ tenantId, callId, payload }: InboxEvent, outcomeOf: ApplyCarrierEventOptions['outcomeOf']): CallNews {
  const { type, at, connectionId, result = null } = payload as StoredEvent;
  const fact = FACTS[type] ?? 'placed';
  const news: CallNews = { tenantId, callId, fact, at: new Date(at), connectionId: connectionId === '' ? undefined : connectionId };
  return fact === 'ended' ? { ...news, end: { result, endedBy: ENDED_BY[outcomeOf(result).endedBy] } } : news;
}

/** Every other event, whatever it is about, is evidence that the carrier has the call. */
const FACTS: Partial<Record<CarrierEvent['type'], Extract<CallFact, 'answered' | 'ended'>>> = {
  answered: 'answered',
  ended: 'ended',
  failed: 'ended',
};

const ENDED_BY: Record<CarrierOutcome['endedBy'], string> = { callee: 'callee', us: 'agent', carrier: 'carrier' };
