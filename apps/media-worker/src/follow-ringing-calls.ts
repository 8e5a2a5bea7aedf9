import type { CallContext } from '@carillon/contracts';
import type { CallDesk } from '@carillon/coordination';
import type { Logger } from '@carillon/platform';
import { listNewestCalls, loadCallContext, type Db } from '@carillon/store';
import type { PreparedSpeech } from './prepared-speech.js';

/** The lines of so many campaigns are made ready at the start; those of others when their first phone rings. */
const CAMPAIGNS_AT_START = 50;

export interface FollowRingingCallsOptions {
  store: Db;
  calls: Pick<CallDesk, 'onRinging' | 'getContext'>;
  prepared: Pick<PreparedSpeech, 'prepare'>;
  /** Opens connections that a call may need. */
  warm(): void;
  log: Logger;
}

/**
 * Makes ready what will be said, while phones ring; and, at the start, what the campaigns that run say, so that an apology is there though synthesis
 * may be away when it is needed. Any worker may get the call: all of them follow, and a text is rendered once per process, or per folder.
 */
export async function followRingingCalls({ store, calls, prepared, warm, log }: FollowRingingCallsOptions): Promise<void> {
  const prepare = (context: CallContext | null) => context && prepared.prepare(context);
  const missed = (error: unknown) => log.warn({ err: error }, 'a ringing call could not be prepared for');
  calls
    .onRinging((call) => {
      warm();
      calls.getContext(call).then(prepare, missed);
    })
    .catch((error: unknown) => log.warn({ err: error }, 'ringing calls cannot be followed'));
  try {
    const newest = await listNewestCalls(store, CAMPAIGNS_AT_START);
    for (const call of newest) prepare(greetedAnew(await loadCallContext(store, call)));
  } catch (error) {
    log.warn({ err: error }, 'the lines of the running campaigns could not be prepared');
  }
}

/** As somebody hears it who is called for the first time. */
function greetedAnew(context: CallContext | null): CallContext | null {
  return context && { ...context, history: [], claim: {} };
}
