import type { CarrierCall } from './carrier-call.js';
import type { ContactOfCall } from './double-dials.js';
import type { ContactRow, UploadedRow } from './lost-contacts.js';
import type { DailyWindow } from './outside-window.js';
import type { PersonCap } from './over-cap.js';
import type { ConcurrencyLimit } from './over-concurrency.js';

/** What a row was put into the file for; `earlier` rows only use up the calls of somebody who shall be capped. */
export type RowKind = 'callable' | 'window' | 'cap' | 'blacklist' | 'earlier';

export type RefereeRow = UploadedRow & { kind: RowKind };

/** All that the referee goes by. */
export interface RunFacts {
  /** The carrier's own log, whole. */
  calls: readonly CarrierCall[];
  rows: readonly RefereeRow[];
  contacts: readonly ContactRow[];
  contactOfCall: ContactOfCall;
  callsPerContact: number;
  window: DailyWindow | null;
  zoneOf: ReadonlyMap<string, string>;
  personCap: PersonCap | null;
  limits: readonly ConcurrencyLimit[];
  /** When the api had taken the entry, epoch milliseconds by number. */
  blacklist: ReadonlyMap<string, number>;
  /** The highest count of the engine's own invariant metric. */
  unaccounted: number;
  /** The campaigns came to their end by themselves, not by the time limit. */
  settled: boolean;
}
