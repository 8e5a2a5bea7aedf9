import type { ForecastLimit, UnfinishedReason } from '@carillon/contracts';
import { BucketFlow, CONTACT_CLASSES, STEP_MS } from './bucket-flow.js';
import { CapacityBook } from './capacity-book.js';
import { CountryRooms } from './country-rooms.js';
import type { Forecast, ForecastInput } from './forecast-types.js';
import { ForecastTimeline, TIMELINE_MS } from './forecast-timeline.js';

const HOUR_MS = 3_600_000;
const HORIZON_MS = 90 * 24 * HOUR_MS;
/** The rest of a contact that fractions leave over is no reason to go on for another day. */
const NOBODY = 0.5;

/**
 * How a campaign would run from now: contacts flow like water from their buckets through the narrowest of the limits.
 *
 * Assumed, and good to about a quarter of an hour: the campaign has the slots, the rates and the caller numbers for itself; rates stay what they are at every hour; each call takes the average
 * time, so that nothing is idle or queues by chance; after a call a fixed share needs another one after one delay, whatever the outcome and the part of the day; contacts that are retries have
 * had one call, and a callback is the last. Callbacks go before retries before fresh contacts, and within each the bucket that closes first. Caps per person are
 * not foreseen: whoever is capped should come as `blocked`, or as `later` where it is known until when.
 */
export function forecastCampaign(input: ForecastInput): Forecast {
  const startMs = Math.max(input.now.getTime(), input.startsAt?.getTime() ?? 0);
  const all = input.buckets.map((bucket) => new BucketFlow(bucket, input.retry, startMs));
  const run: Run = {
    input,
    flows: all.filter((flow) => !flow.neverOpens),
    book: new CapacityBook(input),
    timeline: new ForecastTimeline(startMs),
    firstMs: null,
    lastMs: null,
  };

  const blocked = blockedBy(input, all);
  const reason = flowUntilDone(run, startMs);
  const calls = run.book.callsMade;
  const left = contactsLeft(run.flows);
  return {
    startsAt: run.firstMs === null ? null : new Date(run.firstMs),
    finishesAt: reason === null ? new Date(run.lastMs ?? startMs) : null,
    unfinished: reason === null ? null : { reason, contacts: Math.round(left) },
    expectedCalls: Math.round(calls),
    expectedConversations: Math.round(calls * input.rates.answerRate * input.rates.conversationShare),
    expectedCost: input.budget && Math.round(run.book.spent * 100) / 100,
    blocked,
    timeline: run.timeline.hours(),
  };
}

interface Run {
  input: ForecastInput;
  flows: BucketFlow[];
  book: CapacityBook;
  timeline: ForecastTimeline;
  firstMs: number | null;
  lastMs: number | null;
}

/** Null: everybody was called. */
function flowUntilDone(run: Run, startMs: number): UnfinishedReason | null {
  const { input, flows, book } = run;
  const endsMs = input.endsAt?.getTime() ?? Infinity;
  for (let atMs = startMs; contactsLeft(flows) >= NOBODY;) {
    if (atMs >= endsMs) return 'campaign_ends';
    if (atMs >= startMs + HORIZON_MS) return 'horizon';
    flows.forEach((flow) => flow.moveTo(atMs));
    const shut = book.shutForGood();
    if (shut) return shut;
    if (contactsLeft(flows.filter((flow) => !flow.neverOpens)) < NOBODY) return 'windows';
    const untilMs = Math.min(endOfStep(flows, atMs, startMs), book.nextChangeMs(atMs), endsMs);
    callFor(run, atMs, untilMs);
    atMs = untilMs;
  }
  return null;
}

/**
 * The next quarter of an hour (past the timeline the next hour, which is enough for an end weeks away), or sooner where a window opens or closes: within a step each
 * bucket is open or shut.
 */
function endOfStep(flows: readonly BucketFlow[], atMs: number, startMs: number): number {
  const gridMs = atMs < startMs + TIMELINE_MS ? STEP_MS : HOUR_MS;
  const nextMs = (Math.floor(atMs / gridMs) + 1) * gridMs;
  return flows.reduce((soonest, flow) => Math.min(soonest, flow.nextChangeMs(atMs)), nextMs);
}

function callFor(run: Run, atMs: number, untilMs: number): void {
  const { flows, book, timeline } = run;
  const open = flows.filter((flow) => flow.isOpen(atMs)).sort((a, b) => a.nextChangeMs(atMs) - b.nextChangeMs(atMs));
  const countries = new CountryRooms(open, book, untilMs - atMs);
  const { due, allowed } = countries.demand;
  const room = book.roomFor(atMs, untilMs);
  const calls = Math.min(allowed, room.calls);
  const heldBy = allowed > room.calls ? room.narrowest : allowed < due ? 'country' : null;
  const limitedBy = heldBy ?? whatIsMissing(flows, atMs);

  callInOrder(open, calls, countries, atMs);
  book.charge(calls, atMs, untilMs);
  if (calls > 0) {
    run.firstMs ??= atMs;
    run.lastMs = Math.round(atMs + (untilMs - atMs) * Math.min(1, Math.max(calls / room.inTimeAlone, countries.usedShare)));
  }
  timeline.add({ atMs, untilMs, calls, left: contactsLeft(flows), limitedBy });
}

function callInOrder(open: readonly BucketFlow[], calls: number, countries: CountryRooms, atMs: number): void {
  let rest = calls;
  for (const contactClass of CONTACT_CLASSES) {
    for (const flow of open) {
      if (rest <= 0) return;
      const called = flow.call(contactClass, Math.min(rest, countries.leftIn(flow.country)), atMs);
      countries.charge(flow.country, called);
      rest -= called;
    }
  }
}

function whatIsMissing(flows: readonly BucketFlow[], atMs: number): ForecastLimit | null {
  const shutOut = flows.filter((flow) => !flow.isOpen(atMs)).reduce((sum, { dueContacts }) => sum + dueContacts, 0); // of many buckets none may have half a contact left
  if (shutOut >= NOBODY) return 'windows';
  return flows.some((flow) => flow.laterContacts > 0) ? 'retry_delay' : null;
}

const contactsLeft = (flows: readonly BucketFlow[]) => flows.reduce((sum, flow) => sum + flow.dueContacts + flow.laterContacts, 0);

/** By reason, before anything has flowed; who waits in a bucket that never opens is blocked too. */
function blockedBy({ buckets }: ForecastInput, flows: readonly BucketFlow[]): Forecast['blocked'] {
  const byReason = new Map<string, number>();
  const add = (reason: string, contacts: number) => contacts > 0 && byReason.set(reason, (byReason.get(reason) ?? 0) + contacts);
  buckets.forEach(({ blocked, waiting, later = [] }, i) => {
    for (const { reason, contacts } of blocked) add(reason, contacts);
    const waits = waiting.callback + waiting.retry + waiting.fresh + later.reduce((sum, { contacts }) => sum + contacts, 0);
    if (flows[i]?.neverOpens) add('window_closed', waits);
  });
  return [...byReason].map(([reason, contacts]) => ({ reason, contacts })).sort((a, b) => b.contacts - a.contacts);
}
