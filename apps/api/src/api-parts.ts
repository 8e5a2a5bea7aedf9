import type { Conveyor, LiveChannel } from '@carillon/coordination';
import type { Logger } from '@carillon/platform';
import type { Store } from '@carillon/store';
import type { CallTokens, Carrier } from '@carillon/telephony';
import type { ApiMetrics } from './api-metrics.js';
import type { EventStreams } from './events/event-streams.js';

/** What the api is made of; each controller takes the few it needs. */
export interface ApiParts {
  store: Store;
  conveyor: Pick<Conveyor, 'enqueue'>;
  live: Pick<LiveChannel, 'publish' | 'subscribe'>;
  carrier: Pick<Carrier, 'verify' | 'parseCallback'>;
  tokens: Pick<CallTokens, 'checkCallbackSecret'>;
  streams: EventStreams;
  metrics: ApiMetrics;
  log: Logger;
  now: () => Date;
}

/** The name under which Nest hands all of it to the controllers. */
export const API_PARTS = Symbol('ApiParts');
