import { within, type Logger } from '@carillon/platform';
import { CarrierRequestError } from '@carillon/telephony';
import type { MediaOwner } from '@carillon/store';
import type { CallDirectory, MediaCarrier } from './ports.js';
import type { SnapshotKeeper } from './snapshot-keeper.js';

/** For each of the two questions that may come before the order: the person waits, and nothing is played to them meanwhile. */
const ASK_TIMEOUT_MS = 3_000;

export interface TransferCallOptions {
  carrier: Pick<MediaCarrier, 'transfer'>;
  directory: Pick<CallDirectory, 'connectionId' | 'isStillOurs'>;
  keeper: Pick<SnapshotKeeper, 'keepNow'>;
  log: Logger;
}

export interface Transfer {
  owner: MediaOwner;
  /** The carrier's name of the call, where its handshake told it. */
  connectionId: string | null;
  toE164: string;
  /** Right before the carrier is asked. False: the call has left this worker, which asks no more. */
  mayOrder(): boolean;
}

/**
 * Has the carrier put the person through to a phone, if the call is ours; that it is asked is kept first, so that the next owner does not ask again. Answers false
 * where provably nobody will come of it: nothing could be ordered, or a first order was refused. All else is for the carrier to tell later, or for the wait for it:
 * an answer may be lost with the order taken, and a second order is refused because of the first, which rings by then. An order is known to be the
 * first while the call has had no other owner. Never rejects.
 */
export async function transferCall({ carrier, directory, keeper, log }: TransferCallOptions, transfer: Transfer): Promise<boolean> {
  const { owner, toE164, mayOrder } = transfer;
  const isFirst = owner.epoch === 1;
  try {
    if (!(await isOwner({ directory, keeper }, owner))) return true;
    const connectionId = transfer.connectionId ?? (await answerOf(directory.connectionId(owner), null));
    if (connectionId === null) {
      log.error('the carrier has not named this call: it cannot be transferred here');
      return !isFirst;
    }
    if (!mayOrder()) return true;
    await carrier.transfer(connectionId, { toE164, callId: owner.callId });
    log.info('the carrier puts the person through');
    return true;
  } catch (error) {
    log.warn({ err: error }, 'the call could not be transferred');
    return error instanceof CarrierRequestError && !(isFirst && isRefusal(error));
  }
}

/** Where Redis cannot say it, Postgres is asked; where neither can, nobody else can have taken the call. */
async function isOwner({ directory, keeper }: Pick<TransferCallOptions, 'directory' | 'keeper'>, owner: MediaOwner): Promise<boolean> {
  const keeping = await keeper.keepNow();
  return keeping === 'unknown' ? answerOf(directory.isStillOurs(owner), true) : keeping === 'kept';
}

/** `otherwise`, where nobody answers in time. */
async function answerOf<Answer>(asking: Promise<Answer>, otherwise: Answer): Promise<Answer> {
  try {
    return (await within(ASK_TIMEOUT_MS, asking)) ? await asking : otherwise;
  } catch {
    return otherwise;
  }
}

/** 408 comes from a gateway that waited for the carrier, and a 429 or a 5xx may come with the order taken. */
function isRefusal({ status }: CarrierRequestError): boolean {
  return status !== null && status >= 400 && status < 500 && status !== 408 && status !== 429;
}
