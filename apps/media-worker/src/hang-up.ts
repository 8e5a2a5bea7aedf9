import type { Logger } from '@carillon/platform';
import type { CallIdentity } from '@carillon/telephony';
import type { CallDirectory, MediaCarrier } from './ports.js';

export interface HangUpOptions {
  carrier: Pick<MediaCarrier, 'hangUp'>;
  directory: Pick<CallDirectory, 'connectionId'>;
  log: Logger;
}

/**
 * Ends the phone call at the carrier. Never rejects: a call that cannot be hung up here is ended by the dialer's reaper, which watches how long
 * calls last.
 */
export async function hangUp({ carrier, directory, log }: HangUpOptions, call: CallIdentity, told: string | null): Promise<void> {
  try {
    const connectionId = told ?? (await directory.connectionId(call));
    if (connectionId === null) log.error('the carrier has not named this call: it cannot be hung up here');
    else await carrier.hangUp(connectionId);
  } catch (error) {
    log.error({ err: error }, 'the call could not be hung up');
  }
}
