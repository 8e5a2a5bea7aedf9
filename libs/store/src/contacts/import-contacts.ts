import { randomUUID } from 'node:crypto';
import { CarillonError, type ContactMapping, type ImportView } from '@carillon/contracts';
import type { Store } from '../open-store.js';
import { ContactBuckets } from './contact-buckets.sql.js';
import { copyRefused, copyToStage, insertStaged, openContactStage, unstageBlacklisted } from './contact-stage.sql.js';
import { IMPORT_GIVEN_UP, UPLOAD_BROKE_OFF } from './fail-abandoned-imports.js';
import { findImport } from './find-import.sql.js';
import { addToImport, insertImport, touchImport } from './import-progress.sql.js';
import { inPoolTransaction } from './pool-transaction.js';
import type { ReadBlock } from './read-block.js';
import { readCsvBlocks } from './read-csv-blocks.js';
import { settleImport } from './settle-import.sql.js';
import { UploadBytes } from './upload-bytes.js';

/** How often an upload says that it lives; `failAbandonedImports` waits for many times as long. */
const HEARTBEAT_MS = 5_000;
/** Contacts of a larger upload carry no trace: a million calls in one would be of no use to anybody. */
const TRACED_ROWS = 1_000;

export interface ContactUpload {
  tenantId: string;
  campaignId: string;
  /** Region of numbers without a country code. */
  defaultRegion: string;
  mapping: ContactMapping;
  /** Larger files are refused with `body_too_large`. */
  maxBytes: number;
  now: () => Date;
}

export interface ContactImport extends ContactUpload {
  /** Chosen by the caller, who may then watch it from the start. */
  importId?: string | undefined;
  fileName: string | null;
  sizeBytes: number | null;
  /** Of the upload; its contacts and their calls carry it on. */
  traceparent: string | null;
}

/**
 * Streams a CSV file into the campaign's contacts, a block of rows per transaction. Rows that cannot be used are kept with their reason; numbers
 * that the campaign has already, and people on the blacklist, are counted. Uploading the same file again changes nothing. Throws `csv_unreadable`,
 * `csv_without_phone_column`, `invalid_body` or `body_too_large` for the file as a whole: the import then is `failed`, and rows before the fault
 * stay. `already_exists` when the id is taken. The memory of a piece may be used again once the next one is asked for.
 */
export async function importContacts(store: Store, input: ContactImport, file: AsyncIterable<Uint8Array>): Promise<ImportView> {
  const importId = input.importId ?? randomUUID();
  const key = { tenantId: input.tenantId, campaignId: input.campaignId, importId };
  if (!(await insertImport(store.pool, { ...key, fileName: input.fileName, sizeBytes: input.sizeBytes, now: input.now() })))
    throw idTaken();
  const heartbeat = setInterval(() => {
    // When this fails, the next block fails too, and is not ignored.
    touchImport(store.pool, { ...key, now: input.now() }).catch(() => undefined);
  }, HEARTBEAT_MS);
  const upload = new UploadBytes(file, input.maxBytes);
  const settle = (failure: string | null) =>
    settleImport(store.bulkPool, { ...key, failure, readBytes: upload.readBytes, now: input.now() });
  try {
    await storeBlocks(store, { ...input, importId }, upload);
    await settle(null);
  } catch (error) {
    await settle(failureText(error));
    throw error;
  } finally {
    clearInterval(heartbeat);
    upload.stop();
  }
  const view = await findImport(store, key, input.now());
  if (!view) throw new CarillonError('not_found');
  return view;
}

type Target = ContactImport & { importId: string };

async function storeBlocks(store: Store, target: Target, upload: UploadBytes): Promise<void> {
  const buckets = new ContactBuckets(store.bulkPool, target);
  for await (const block of readCsvBlocks(upload, target)) {
    const bucketIds = await buckets.idsOf(block.bucketKeys);
    await storeBlock(store, { target, block, bucketIds, readBytes: upload.readBytes });
  }
}

interface Chunk {
  target: Target;
  block: ReadBlock;
  bucketIds: readonly number[];
  readBytes: number;
}

/** Contacts, refused rows and the import's counts of one block, in one transaction: the counts always add up to the rows. */
function storeBlock({ bulkPool }: Store, { target, block, bucketIds, readBytes }: Chunk): Promise<void> {
  const now = target.now();
  const traceparent = block.isWholeFile && block.rows <= TRACED_ROWS ? target.traceparent : null;
  return inPoolTransaction(bulkPool, async (client) => {
    const rejected = block.rows - block.accepted;
    if (rejected > 0) await copyRefused(client, target, block.refused);
    await openContactStage(client);
    await copyToStage(client, block.contacts);
    const blacklisted = await unstageBlacklisted(client, target, now);
    const { imported, repeated, known } = await insertStaged(client, { ...target, bucketIds, traceparent, now });
    const counts = { total: block.rows, imported, rejected, duplicates: repeated + known, repeated, blacklisted };
    if (!(await addToImport(client, { ...target, ...counts, readBytes, now }))) throw new Error(IMPORT_GIVEN_UP);
  });
}

function idTaken(): CarillonError {
  return new CarillonError('already_exists', [
    { field: 'import_id', message: 'There is an import with this id; choose a fresh UUID for each upload' },
  ]);
}

function failureText(error: unknown): string {
  if (!(error instanceof CarillonError)) return UPLOAD_BROKE_OFF;
  return [error.message, ...error.fields.map(({ message }) => message)].join('. ');
}
