import type { ForecastLimit, UnfinishedReason } from '@carillon/contracts';

/** A span in which a bucket may be called. `opensAt` may lie before the instant that was asked for: the bucket is open then. */
export interface Opening {
  opensAt: Date;
  closesAt: Date;
}

/** Contacts that share their windows. Blocked ones are not among those that wait. */
export interface ForecastBucket {
  label: string;
  /** ISO 3166 alpha-2 of its numbers, for the limits of countries; null: of none. */
  country: string | null;
  /** Contacts that may be called as soon as the bucket is open. */
  waiting: { callback: number; retry: number; fresh: number };
  /** Retries and callbacks that are due at a later time. */
  later?: readonly { at: Date; contacts: number }[];
  /** The opening that holds the instant or else the next after it; null when there is none any more. */
  nextOpening: (at: Date) => Opening | null;
  blocked: readonly { reason: string; contacts: number }[];
}

/** A caller number's limits; null: none. */
export interface ForecastNumber {
  restsUntil: Date | null;
  maxConcurrent: number | null;
  perDay: number | null;
  remainingToday: number | null;
}

/** `resetsAt`: the next beginning of the cap's day; it begins anew each 24 h. */
export interface ForecastDailyCap {
  remainingToday: number;
  perDay: number;
  resetsAt: Date;
}

export interface ForecastInput {
  now: Date;
  /** When the campaign may begin and must end; null: now, and never. */
  startsAt: Date | null;
  endsAt: Date | null;
  buckets: readonly ForecastBucket[];
  slots: number;
  maxConcurrent: number;
  callsPerSecond: number | null;
  /** Limits of single countries, by ISO 3166 alpha-2. */
  countries: Readonly<Record<string, { maxConcurrent: number | null; callsPerSecond: number | null }>>;
  /** The numbers that the campaign may show, those alone that are switched on; null: none has a limit. `resetsAt`: the next beginning of their day. */
  callerNumbers: { numbers: readonly ForecastNumber[]; resetsAt: Date } | null;
  /** All that hold, each on a day of its own. */
  dailyCaps: readonly ForecastDailyCap[];
  /** `ringMs`: how long a slot is held until the call is answered or given up, on average (0 where pacing overlaps the ringing). `talkMs`: of an answered call. `conversationShare`: of the answered calls, those in which a person speaks with us: no machine, no silence. */
  rates: { answerRate: number; ringMs: number; talkMs: number; conversationShare: number };
  /** A share of the calls is followed by another one, after a delay, up to so many calls a contact (`expectRetries` reads it from the settings). */
  retry: { maxAttempts: number; againShare: number; delayMs: number };
  budget: { remaining: number; costPerCall: number; costPerMinute: number } | null;
}

export interface ForecastHour {
  /** The hour's beginning, ISO 8601 in UTC. */
  hour: string;
  calls: number;
  /** Contacts that are not done at the hour's end. */
  waiting: number;
  /** What held it back for most of the hour; null: nothing, it was done. */
  limitedBy: ForecastLimit | null;
}

export interface Forecast {
  /** When the first phone rings; null when none ever does. */
  startsAt: Date | null;
  /** When the last of the contacts that may be called is dialed; null together with `unfinished`. */
  finishesAt: Date | null;
  unfinished: { reason: UnfinishedReason; contacts: number } | null;
  expectedCalls: number;
  expectedConversations: number;
  /** In the budget's currency; null without a budget. */
  expectedCost: number | null;
  /** Contacts that will not be called as things are. */
  blocked: { reason: string; contacts: number }[];
  /** Hour by hour, at most 14 days, until the end. */
  timeline: ForecastHour[];
}
