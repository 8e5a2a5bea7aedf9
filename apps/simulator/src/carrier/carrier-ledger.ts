import type { PlayoutStatistics } from './playout.js';
import type { ResultInformation } from './call-result.js';

/** Enough for any demo and load run; beyond it the counts go on, the oldest entries are dropped. */
const MAX_ENTRIES = 100_000;

export interface MediaStatistics extends PlayoutStatistics {
  /** Hz, of both directions of the socket. */
  sampleRate: 16_000 | 24_000;
  sockets: number;
  framesSent: number;
  /** Not sent, because the server did not read. */
  framesLost: number;
  framesReceived: number;
  /** Frames that the server sent though it had not asked for audio both ways: not played, as in the cloud. */
  framesIgnored: number;
  malformed: number;
}

/** `network`: the call was never connected, or its line failed. */
export type EndedBy = 'callee' | 'application' | 'network';

/** One accepted call. Times in epoch milliseconds, null when it did not come to that. */
export interface LedgerEntry {
  connectionId: string;
  personId: string;
  phoneE164: string;
  callerE164: string;
  /** The caller's own name for the call. */
  operationContext: string | null;
  repeatabilityId: string | null;
  acceptedAt: number;
  ringingAt: number | null;
  answeredAt: number | null;
  endedAt: number | null;
  endedBy: EndedBy | null;
  result: { code: number; subCode: number } | null;
  media: MediaStatistics | null;
}

export interface CallEnd {
  result: ResultInformation;
  endedBy: EndedBy;
}

/** Two ways to dial a person twice: while an earlier call is still open, or again at all. */
export interface DoubleDials {
  overlapping: number;
  repeated: number;
}

export interface LedgerCounts extends DoubleDials {
  accepted: number;
  answered: number;
  ended: number;
  open: number;
  peakConcurrent: number;
}

/** What the carrier itself saw, for the referee: nobody else's counts are asked. */
export class CarrierLedger {
  readonly #entries = new Map<string, LedgerEntry>();
  readonly #openByPerson = new Map<string, number>();
  readonly #persons = new Set<string>();
  readonly #counts: LedgerCounts = { accepted: 0, answered: 0, ended: 0, open: 0, peakConcurrent: 0, overlapping: 0, repeated: 0 };

  constructor(private readonly now: () => number) {}

  accept(call: Pick<LedgerEntry, 'connectionId' | 'personId' | 'phoneE164' | 'callerE164' | 'operationContext' | 'repeatabilityId'>): void {
    const openCalls = this.#openByPerson.get(call.personId) ?? 0;
    if (openCalls > 0) this.#counts.overlapping++;
    if (this.#persons.has(call.personId)) this.#counts.repeated++;
    this.#persons.add(call.personId);
    this.#openByPerson.set(call.personId, openCalls + 1);
    this.#counts.accepted++;
    this.#counts.open++;
    this.#counts.peakConcurrent = Math.max(this.#counts.peakConcurrent, this.#counts.open);
    const later = { ringingAt: null, answeredAt: null, endedAt: null, endedBy: null, result: null, media: null };
    this.#entries.set(call.connectionId, { ...call, acceptedAt: this.now(), ...later });
    this.#dropOldest();
  }

  ringing(connectionId: string): void {
    this.#change(connectionId, { ringingAt: this.now() });
  }

  answered(connectionId: string): void {
    this.#counts.answered++;
    this.#change(connectionId, { answeredAt: this.now() });
  }

  ended(connectionId: string, personId: string, { result, endedBy }: CallEnd, media: MediaStatistics | null): void {
    const openCalls = (this.#openByPerson.get(personId) ?? 1) - 1;
    if (openCalls > 0) this.#openByPerson.set(personId, openCalls);
    else this.#openByPerson.delete(personId);
    this.#counts.ended++;
    this.#counts.open--;
    this.#change(connectionId, { endedAt: this.now(), endedBy, result: { code: result.code, subCode: result.subCode }, media });
  }

  /** One call a line, as JSON, in the order in which they were accepted. */
  *lines(): Generator<string> {
    for (const entry of this.#entries.values()) yield `${JSON.stringify(entry)}\n`;
  }

  /** Plain data, a copy. */
  snapshot(): LedgerCounts & { calls: LedgerEntry[] } {
    return { ...this.#counts, calls: [...this.#entries.values()].map((entry) => ({ ...entry })) };
  }

  counts(): LedgerCounts {
    return { ...this.#counts };
  }

  doubleDials(): DoubleDials {
    const { overlapping, repeated } = this.#counts;
    return { overlapping, repeated };
  }

  #change(connectionId: string, part: Partial<LedgerEntry>): void {
    const entry = this.#entries.get(connectionId);
    if (entry) Object.assign(entry, part);
  }

  #dropOldest(): void {
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
  }
}
