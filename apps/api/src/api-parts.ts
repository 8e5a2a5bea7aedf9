import type { Conveyor, Fleet, LiveChannel } from '@carillon/coordination';
import type { Logger, ReachFailpoint } from '@carillon/platform';
import type { AccountLimits, Store } from '@carillon/store';
import type { CallTokens, Carrier } from '@carillon/telephony';
import type { ApiMetrics } from './api-metrics.js';
import type { UploadRooms } from './contacts/upload-room.js';
import type { EventStreams } from './events/event-streams.js';

/** What the api is made of; each controller takes the few it needs. */
export interface ApiParts {
  store: Store;
  conveyor: Pick<Conveyor, 'enqueue'>;
  live: Pick<LiveChannel, 'publish' | 'subscribe'>;
  carrier: Pick<Carrier, 'verify' | 'parseCallback'>;
  tokens: Pick<CallTokens, 'checkCallbackSecret'>;
  /** Room on the media workers. */
  countSlots: Fleet['countSlots'];
  /** What the account with the carrier takes, over all tenants. */
  account: AccountLimits;
  streams: EventStreams;
  uploadRooms: UploadRooms;
  metrics: ApiMetrics;
  log: Logger;
  reach: ReachFailpoint;
  now: () => Date;
}

/** The name under which Nest hands all of it to the controllers. */
export const API_PARTS = Symbol('ApiParts');
