import type { Disposition, RetrySettings } from '@carillon/contracts';

/** A call that the contact has had. */
export interface Attempt {
  at: Date;
  disposition: Disposition;
  /** This call was a callback that the person had asked for. */
  callback: boolean;
}

export interface RetryQuestion {
  /** Every counted call to the contact, oldest first; the last is the one that has just ended. */
  attempts: readonly Attempt[];
  settings: RetrySettings;
  /** The person wants no more calls, or is on a blacklist. */
  optedOut: boolean;
  /** When the person asked in this very call to be called again; null where they did not. */
  callbackAt: Date | null;
  /** The contact's zones, the likeliest first: its clock decides what is morning and evening. Empty: unknown, and nothing is spread. */
  timeZones: readonly string[];
  now: Date;
  /** When the campaign ends; null when it does not. */
  endsAt: Date | null;
  /** The first instant at or after the given one in which the contact may be called by its windows; null when there is none. */
  nextAllowed: (at: Date) => Date | null;
  /** Uniform in [0, 1). */
  random: () => number;
}
