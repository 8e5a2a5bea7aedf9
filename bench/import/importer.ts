import { once } from 'node:events';
import { open } from 'node:fs/promises';
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
  piecesOf(order.path),
);
const seconds = (performance.now() - startedAt) / 1000;
await store.close();
process.send?.({ view, seconds, maxRssMb: process.resourceUsage().maxRSS / 1024 } satisfies ImportReport);
process.disconnect();

/** As a socket gives them, but in one memory: what is measured is what the import keeps, not what waits for the garbage collection of a sender. */
async function* piecesOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    for (const piece = new Uint8Array(65_536); ;) {
      const { bytesRead } = await file.read(piece);
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
