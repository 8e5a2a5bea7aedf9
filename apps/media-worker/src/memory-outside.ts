import type { CallContext, Claim, Disposition, LiveEvent } from '@carillon/contracts';
import type { MediaOwner, NewMessage } from '@carillon/store';
import type {
  CallDirectory,
  CallSnapshots,
  ConversationOutcome,
  ConversationStore,
  KeptCall,
  MediaCarrier,
  Outside,
  WorkerPeer,
} from './ports.js';

/** What became of one call that was held in memory. */
export interface MemoryCall {
  context: CallContext;
  epoch: number;
  ended: boolean;
  messages: Map<number, NewMessage>;
  claim: Claim | null;
  /** As it was told last. */
  outcome: ConversationOutcome | null;
  /** What its books say of it after all that was told. */
  disposition: Disposition | null;
  endedBy: 'agent' | 'line_lost' | 'transferred' | null;
  /** Of the newest owner that has written. */
  boundEpoch: number;
  kept: { epoch: number; call: KeptCall } | null;
}

/** What a person asked for. */
export type MemoryRequest = { callId: string } & ({ optOut: string } | { callBack: string });

/** The outside world in memory: the same rules, no database. For tests and for the bench, which measures the worker alone. */
export interface MemoryOutside {
  outside: Outside;
  calls: Map<string, MemoryCall>;
  addCall(context: CallContext): void;
  wrapUps: string[];
  requests: MemoryRequest[];
  live: LiveEvent[];
  announced: { workerId: string; slots: number }[];
}

export function createMemoryOutside(carrier: MediaCarrier): MemoryOutside {
  const calls = new Map<string, MemoryCall>();
  const wrapUps: string[] = [];
  const requests: MemoryRequest[] = [];
  const live: LiveEvent[] = [];
  const announced: { workerId: string; slots: number }[] = [];
  const peers = new Map<string, WorkerPeer>();
  return {
    calls,
    wrapUps,
    live,
    announced,
    addCall: (context) => void calls.set(context.callId, newCall(context)),
    requests,
    outside: {
      carrier,
      requestsOf: ({ callId }) => ({
        optOut: async (reason) => void requests.push({ callId, optOut: reason }),
        async callBack(localTime) {
          requests.push({ callId, callBack: localTime });
          return { at: localTime };
        },
        callBackLater: async () => void requests.push({ callId, callBack: 'later' }),
      }),
      directory: directoryOf(calls),
      snapshots: snapshotsOf(calls),
      conversations: conversationsOf(calls),
      conveyor: { enqueue: async (_name, { callId }) => void wrapUps.push(callId) },
      live: { publish: async (event) => void live.push(event) },
      fleet: {
        async announce({ workerId, slots, peer }) {
          announced.push({ workerId, slots });
          if (peer) peers.set(workerId, peer);
        },
        async withdraw(workerId) {
          announced.push({ workerId, slots: 0 });
          peers.delete(workerId);
        },
        peers: async () => [...peers].map(([workerId, peer]) => ({ workerId, ...peer })),
      },
    },
  };
}

function newCall(context: CallContext): MemoryCall {
  const told = { messages: new Map(), claim: null, outcome: null, kept: null };
  return { context, epoch: 0, boundEpoch: 0, ended: false, disposition: null, endedBy: null, ...told };
}

function directoryOf(calls: Map<string, MemoryCall>): CallDirectory {
  return {
    async admit({ tenantId, callId }, isWanted = () => true) {
      const call = calls.get(callId);
      if (call === undefined || call.context.tenantId !== tenantId) return 'unknown';
      if (call.ended) return 'ended';
      if (!isWanted()) return 'unwanted';
      call.epoch += 1;
      const history = [...call.messages.values()].map(({ persona, content }) => ({ persona, content, ofThisCall: true }));
      const context = { ...call.context, claim: call.claim ?? call.context.claim, history: [...call.context.history, ...history] };
      return {
        owner: { tenantId, callId, epoch: call.epoch },
        context,
        exchangesBefore: call.outcome?.exchanges ?? call.kept?.call.exchanges ?? 0,
        kept: call.kept?.call,
      };
    },
    connectionId: async () => null,
    isStillOurs: async ({ callId, epoch }) => calls.get(callId)?.epoch === epoch && !calls.get(callId)?.ended,
    async giveUpLine({ callId, epoch }) {
      const call = calls.get(callId);
      if (call?.epoch !== epoch || call.ended || call.endedBy === 'transferred') return 'left';
      if (call.endedBy !== null) return 'ending';
      call.endedBy = 'line_lost';
      return 'lost';
    },
  };
}

function snapshotsOf(calls: Map<string, MemoryCall>): CallSnapshots {
  return {
    async keep({ callId, epoch }, kept) {
      const call = calls.get(callId);
      if (call === undefined || call.epoch > epoch) return false;
      // as plain data, as it is kept elsewhere
      call.kept = kept && { epoch, call: structuredClone(kept) };
      return true;
    },
  };
}

function conversationsOf(calls: Map<string, MemoryCall>): ConversationStore {
  const owned = ({ callId, epoch }: MediaOwner, write: (call: MemoryCall) => void): boolean => {
    const call = calls.get(callId);
    if (call === undefined || call.epoch !== epoch) return false;
    write(call);
    return true;
  };
  return {
    async bind(owner) {
      const call = calls.get(owner.callId);
      if (call === undefined || call.epoch > owner.epoch) return null;
      if (call.boundEpoch < owner.epoch) takeBackEnd(call, owner);
      return { nextSeq: Math.max(-1, ...call.messages.keys()) + 1 };
    },
    append: async (owner, messages) =>
      owned(owner, (call) => {
        for (const message of messages) if (!call.messages.has(message.seq)) call.messages.set(message.seq, message);
      }),
    claim: async (owner, claim) => owned(owner, (call) => void (call.claim = claim)),
    close: async (owner, outcome) => owned(owner, (call) => noteEnd(call, outcome)),
  };
}

/** As bind-media-epoch.sql.ts. */
function takeBackEnd(call: MemoryCall, { epoch }: MediaOwner): void {
  call.boundEpoch = epoch;
  if (call.disposition === 'network_failure') call.disposition = null;
  if (call.endedBy !== 'transferred') call.endedBy = null;
}

/** As close-media.ts. */
function noteEnd(call: MemoryCall, outcome: ConversationOutcome): void {
  const { disposition, endsCall } = outcome;
  call.outcome = outcome;
  const isMessageLeft = call.disposition === 'voicemail' && disposition === 'message_left';
  if (isMessageLeft || call.disposition === null) call.disposition = disposition ?? null;
  if (endsCall) call.endedBy ??= 'agent';
}
