import type { DryRunView } from '@carillon/contracts';
import type { PoolClient } from 'pg';
import type { Store } from '../open-store.js';
import { copyToStage, openContactStage, unstageBlacklisted } from './contact-stage.sql.js';
import { countDryRun, keepStagedPhones, openDryRun, closeDryRun } from './dry-run.sql.js';
import type { ContactUpload } from './import-contacts.js';
import type { ReadBlock, RowFault } from './read-block.js';
import { SHOWN_FAULTS } from './read-block.js';
import { readCsvBlocks } from './read-csv-blocks.js';
import { UploadBytes } from './upload-bytes.js';

/**
 * Counts what `importContacts` would do with the file, and stores nothing: its numbers lie in a temporary table of one connection meanwhile. Throws
 * the same errors.
 */
export async function dryRunContacts(store: Store, input: ContactUpload, file: AsyncIterable<Uint8Array>): Promise<DryRunView> {
  const upload = new UploadBytes(file, input.maxBytes);
  const client = await store.bulkPool.connect();
  let broken: Error | undefined;
  try {
    await openDryRun(client);
    return await count(client, input, readCsvBlocks(upload, input));
  } finally {
    upload.stop();
    await closeDryRun(client).catch((cause: unknown) => (broken = new Error('the dry run could not be cleared away', { cause })));
    client.release(broken);
  }
}

async function count(client: PoolClient, input: ContactUpload, blocks: AsyncIterable<ReadBlock>): Promise<DryRunView> {
  const faults: RowFault[] = [];
  let [total, rejected, blacklisted, regionNotRead] = [0, 0, 0, 0];
  for await (const block of blocks) {
    total += block.rows;
    rejected += block.rows - block.accepted;
    regionNotRead += block.regionsNotRead;
    faults.push(...block.faults.slice(0, SHOWN_FAULTS - faults.length));
    blacklisted += await stage(client, input, block);
  }
  const { fresh, known } = await countDryRun(client, input);
  const repeated = total - rejected - blacklisted - known - fresh;
  const counts = { total, imported: fresh, rejected, duplicates: known + repeated, repeated, blacklisted };
  return { dry_run: true, ...counts, region_not_read: regionNotRead, errors: faults };
}

async function stage(client: PoolClient, input: ContactUpload, block: ReadBlock): Promise<number> {
  await client.query('BEGIN');
  await openContactStage(client);
  await copyToStage(client, block.contacts);
  const blacklisted = await unstageBlacklisted(client, input, input.now());
  await keepStagedPhones(client);
  await client.query('COMMIT');
  return blacklisted;
}
