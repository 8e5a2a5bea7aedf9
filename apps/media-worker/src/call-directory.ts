import type { CallContext } from '@carillon/contracts';
import type { CallDesk } from '@carillon/coordination';
import { within, type Logger } from '@carillon/platform';
import { findLedgerCall, giveUpLine, loadCallContext, type Db, type LedgerCall } from '@carillon/store';
import type { CallIdentity } from '@carillon/telephony';
import { loadKeptCall } from './call-snapshots.js';
import type { CallDirectory, KeptCall } from './ports.js';

export interface CallDirectoryOptions {
  db: Db;
  desk: Pick<CallDesk, 'bind' | 'getContext' | 'getSnapshot' | 'owner'>;
  workerId: string;
  log: Logger;
}

/** The carrier waits for the handshake: a database that is slower than this counts as away. */
const LEDGER_TIMEOUT_MS = 1_500;
/** A Redis that is slower than this counts as away where Postgres can be asked instead. */
const OWNER_TIMEOUT_MS = 1_000;
/** On top of the longest a call may last: who owned it matters a little beyond its end. */
const OWNER_MARGIN_MS = 10 * 60_000;
/** Where nobody could say how long the call may last. */
const LONGEST_CALL_MS = 2 * 60 * 60_000;

/** Calls as Postgres and Redis know them. While Postgres is away, calls whose context lies in Redis are still taken. */
export function createCallDirectory({ db, desk, workerId, log }: CallDirectoryOptions): CallDirectory {
  const isStillOurs: CallDirectory['isStillOurs'] = async ({ epoch, ...call }) => {
    // Redis first: it knows of a later owner before that one has written anything.
    const asking = desk.owner(call).catch(() => null);
    const owner = (await within(OWNER_TIMEOUT_MS, asking)) ? await asking : null;
    if (owner && owner.epoch > epoch) return false;
    // While Postgres is away Redis is believed: a call that is over by now is hung up once more, which harms nobody.
    const row = owner ? await askLedger(findLedgerCall(db, call), call, log) : await findLedgerCall(db, call);
    return row === undefined || (row !== null && !isOver(row) && row.mediaEpoch <= epoch);
  };
  return {
    async admit(call, isWanted = () => true) {
      const row = await askLedger(findLedgerCall(db, call), call, log);
      if (row === null) return 'unknown';
      if (row && isOver(row)) return 'ended';
      const expiryMs = (row?.maxCallMs ?? LONGEST_CALL_MS) + OWNER_MARGIN_MS;
      if (!isWanted()) return 'unwanted';
      const epoch = await desk.bind({ ...call, workerId, expiryMs, knownEpoch: row?.mediaEpoch ?? 0 });
      const kept = epoch > 1 ? await findKept(desk, call, log) : undefined;
      const context = await loadContext({ db, desk, log }, call, { epoch, kept, isLedgerAway: row === undefined });
      if (!context) return 'unknown';
      const exchangesBefore = Math.max(row?.exchanges ?? 0, kept?.exchanges ?? 0);
      const claim = { ...context.claim, ...kept?.unwrittenClaim };
      return { owner: { ...call, epoch }, context: { ...context, claim }, exchangesBefore, kept };
    },
    async connectionId(call) {
      return (await findLedgerCall(db, call))?.carrierCallId ?? null;
    },
    isStillOurs,
    async giveUpLine(owner) {
      if (!(await isStillOurs(owner))) return 'left';
      return (await askLedger(giveUpLine(db, owner), owner, log)) ?? 'lost';
    },
  };
}

/** Undefined when Postgres does not answer. */
async function askLedger<Answer>(asking: Promise<Answer>, call: CallIdentity, log: Logger): Promise<Answer | undefined> {
  try {
    return (await within(LEDGER_TIMEOUT_MS, asking)) ? await asking : undefined;
  } catch (error) {
    log.warn({ err: error, callId: call.callId }, 'the ledger could not be asked about a call');
    return undefined;
  }
}

/** Without it the call goes on from what is stored. */
async function findKept(desk: Pick<CallDesk, 'getSnapshot'>, call: CallIdentity, log: Logger): Promise<KeptCall | undefined> {
  try {
    return await loadKeptCall(desk, call);
  } catch (error) {
    log.warn({ err: error, callId: call.callId }, 'the snapshot of a call could not be read');
    return undefined;
  }
}

interface Standing {
  epoch: number;
  kept: KeptCall | undefined;
  isLedgerAway: boolean;
}

/** What lies ready in Redis was written while the phone rang: from the second socket on, Postgres knows more, and so does what the last worker kept. */
async function loadContext(
  { db, desk, log }: Pick<CallDirectoryOptions, 'db' | 'desk' | 'log'>,
  call: CallIdentity,
  { epoch, kept, isLedgerAway }: Standing,
): Promise<CallContext | null> {
  if (epoch === 1) return (await desk.getContext(call)) ?? loadCallContext(db, call);
  if (!kept) return loadCallContext(db, call);
  const stored = isLedgerAway ? undefined : await askLedger(loadCallContext(db, call), call, log);
  if (stored !== undefined) return stored;
  const ready = await desk.getContext(call);
  return ready ? { ...ready, claim: kept.claim ?? ready.claim } : loadCallContext(db, call);
}

function isOver({ state }: LedgerCall): boolean {
  return state === 'ended' || state === 'released';
}
