import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import { importContacts, openStore } from '@carillon/store';
import type { ImportOrder, ImportReport } from './messages.js';

// The importing process: nothing else runs in it, so that its memory and time are the import's own.

const [order] = (await once(process, 'message')) as [ImportOrder];
const store = openStore(order.databaseUrl);
await store.pool.query('SELECT 1');
const startedAt = performance.now();
const view = await importContacts(
  store,
  {
    ...{ tenantId: order.tenantId, campaignId: order.campaignId, defaultRegion: 'US', mapping: {}, maxBytes: Infinity },
    ...{ fileName: 'contacts.csv', sizeBytes: order.sizeBytes, traceparent: null, now: () => new Date() },
  },
  createReadStream(order.path),
);
const seconds = (performance.now() - startedAt) / 1000;
await store.close();
process.send?.({ view, seconds, maxRssMb: process.resourceUsage().maxRSS / 1024 } satisfies ImportReport);
process.disconnect();
