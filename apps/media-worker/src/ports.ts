import type { CallContext, Claim, Disposition, LiveEvent } from '@carillon/contracts';
import type {
  CallSnapshot,
  Clock,
  LlmProvider,
  PersonRequests,
  ResamplerEngine,
  SttProvider,
  TtsProvider,
  VadEngine,
} from '@carillon/pipeline';
import type { LineGivenUp, MediaOwner, NewMessage, Translation, TranslationScope } from '@carillon/store';
import type { CallIdentity, Carrier, MediaCodec } from '@carillon/telephony';

// What a media worker needs of the outside world, as narrow as it is used: production gives it Postgres, Redis and the carrier
// (open-media-worker.ts), tests and benches give it memory.

/** A call whose socket may be accepted: from now on its worker writes under `owner.epoch`. */
export interface Admission {
  owner: MediaOwner;
  context: CallContext;
  /** Exchanges that earlier sockets of this call counted. */
  exchangesBefore: number;
  /** What its last worker left, where there was one. */
  kept?: KeptCall | undefined;
}

/** `unwanted`: nobody waits for the answer any more. */
export type AdmissionRefusal = 'unknown' | 'ended' | 'unwanted';

export interface CallDirectory {
  /**
   * Makes this worker the owner of the call. Rejects when nobody can say who owns what: the carrier may try again. `isWanted` is asked right before
   * the epoch is raised: a handshake that was given up must not take the call from the worker that has it by then.
   */
  admit(call: CallIdentity, isWanted?: () => boolean): Promise<Admission | AdmissionRefusal>;
  /** The carrier's name of the call, where the socket did not tell it; null while nobody knows it. */
  connectionId(call: CallIdentity): Promise<string | null>;
  /** Neither over nor taken by another worker. */
  isStillOurs(owner: MediaOwner): Promise<boolean>;
  /** The line was lost and did not come back: whether that ends the call. Unless it is to be left, the caller hangs up. */
  giveUpLine(owner: MediaOwner): Promise<LineGivenUp>;
}

export interface ConversationOutcome {
  exchanges: number;
  agentClosed: boolean;
  /** Where the conversation itself tells: a machine answered, or our services failed. */
  disposition?: Disposition | undefined;
  /** The worker hangs up, or tries to: no line was lost. */
  endsCall?: boolean | undefined;
  closedAt: Date;
}

/** Where what was said goes. All writes may be repeated; false or null: a later epoch owns the call and nothing was written. */
export interface ConversationStore {
  bind(owner: MediaOwner): Promise<{ nextSeq: number } | null>;
  append(owner: MediaOwner, messages: readonly NewMessage[]): Promise<boolean>;
  claim(owner: MediaOwner, claim: Claim): Promise<boolean>;
  close(owner: MediaOwner, outcome: ConversationOutcome): Promise<boolean>;
}

/** The carrier, and how its media sockets speak. */
export interface MediaCarrier {
  verify: Carrier['verify'];
  hangUp: Carrier['hangUp'];
  transfer: Carrier['transfer'];
  codec: MediaCodec;
  /** Handshake header in which the carrier names the call, lower case. */
  connectionIdHeader: string;
}

export interface WrapUpQueue {
  enqueue(name: 'wrap-up', call: CallIdentity): Promise<void>;
}

export interface LiveEvents {
  /** Never rejects. */
  publish(event: LiveEvent): Promise<void>;
}

/** Another media worker: where it is reached from this one, and how many more calls it takes. */
export interface WorkerPeer {
  url: string;
  room: number;
}

export interface FleetRegister {
  announce(worker: { workerId: string; slots: number; peer?: WorkerPeer | undefined }): Promise<void>;
  /** All workers that take calls from others, this one too. */
  peers(): Promise<(WorkerPeer & { workerId: string })[]>;
  withdraw(workerId: string): Promise<void>;
}

export type { Translation, TranslationScope };

/** Where translations outlive the process, for all workers. */
export interface TranslationStore {
  /** Those of the texts that are there. */
  find(scope: TranslationScope, sources: readonly string[]): Promise<Translation[]>;
  /** What is there already stays. */
  add(scope: TranslationScope, translations: readonly Translation[]): Promise<void>;
}

/** What one call hears, thinks and speaks with. Calls may share providers; streams are each call's own. */
export interface CallProviders {
  vad: VadEngine;
  stt: SttProvider;
  llm: LlmProvider;
  tts: TtsProvider;
  /** For lines that are not at 16 kHz. */
  resamplers?: ResamplerEngine | undefined;
}

/** What the person of a call may ask for beyond it: of the model, and, where no model is there, by a key. */
export interface CallRequests extends PersonRequests {
  /** Another call, some time from now. */
  callBackLater(): Promise<void>;
}

/** What another worker needs to go on with a call as its last one left it. */
export interface KeptCall {
  turns: CallSnapshot;
  /** Exchanges of the whole call. */
  exchanges: number;
  /** What was said and may not be written yet, with its final numbers. */
  unwritten: NewMessage[];
  unwrittenClaim: Claim | null;
  /** All that was collected, for when Postgres cannot be asked. */
  claim?: Claim | undefined;
}

/** Where calls are kept in mid-air. Nothing of it is the truth: without it a call goes on from its stored messages. */
export interface CallSnapshots {
  /** False: a later epoch owns the call, and nothing was written. Null: the call is over. */
  keep(owner: MediaOwner, call: KeptCall | null, expiryMs: number): Promise<boolean>;
}

export interface Outside {
  requestsOf(owner: MediaOwner, phoneE164: string): CallRequests;
  snapshots: CallSnapshots;
  carrier: MediaCarrier;
  directory: CallDirectory;
  conversations: ConversationStore;
  conveyor: WrapUpQueue;
  live: LiveEvents;
  fleet: FleetRegister;
}

/** Monotonic for the call itself, the wall clock for what is stored. */
export interface Time {
  clock: Clock;
  wallNow(): number;
}
