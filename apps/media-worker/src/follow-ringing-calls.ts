import type { CallContext } from '@carillon/contracts';
import type { CallDesk } from '@carillon/coordination';
import type { Logger } from '@carillon/platform';
import { listNewestCalls, loadCallContext, type Db } from '@carillon/store';

/** The lines of so many campaigns are made ready at the start; those of others when their first phone rings. */
const CAMPAIGNS_AT_START = 50;

export interface FollowRingingCallsOptions {
  store: Db;
  calls: Pick<CallDesk, 'onRinging' | 'getContext'>;
  /** `isRinging`: its phone does now. Else it is as the calls of a running campaign are. */
  prepared: { prepare(context: CallContext, isRinging: boolean): void };
  /** Opens connections that this call may need. */
  warm(context: CallContext): void;
  log: Logger;
}

/**
 * Makes ready what will be said, while phones ring; and, at the start, what the campaigns that run say, so that an apology is there though synthesis
 * may be away when it is needed. Any worker may get the call: all of them follow, and a text is rendered once per process, or per folder.
 */
export async function followRingingCalls({ store, calls, prepared, warm, log }: FollowRingingCallsOptions): Promise<void> {
  const missed = (error: unknown) => log.warn({ err: error }, 'a ringing call could not be prepared for');
  const expect = (context: CallContext | null) => {
    if (context === null) return; // over already
    warm(context);
    prepared.prepare(context, true);
  };
  calls
    .onRinging((call) => void calls.getContext(call).then(expect).catch(missed))
    .catch((error: unknown) => log.warn({ err: error }, 'ringing calls cannot be followed'));
  try {
    const newest = await listNewestCalls(store, CAMPAIGNS_AT_START);
    for (const call of newest) {
      const context = await loadCallContext(store, call);
      if (context) prepared.prepare(greetedAnew(context), false);
    }
  } catch (error) {
    log.warn({ err: error }, 'the lines of the running campaigns could not be prepared');
  }
}

/** As somebody hears it who is called for the first time. */
function greetedAnew(context: CallContext): CallContext {
  return { ...context, history: [], claim: {} };
}
