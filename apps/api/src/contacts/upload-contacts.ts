import { randomUUID } from 'node:crypto';
import {
  CarillonError,
  previewQuerySchema,
  uploadQuerySchema,
  type CampaignStatus,
  type DryRunView,
  type ImportView,
  type PreviewQuery,
  type PreviewView,
  type UploadQuery,
} from '@carillon/contracts';
import { dryRunContacts, findCampaign, findImport, importContacts, previewContacts, undoImport, type ContactImport } from '@carillon/store';
import type { z } from 'zod';
import type { ApiParts } from '../api-parts.js';
import { found } from '../http/found.js';
import { FormFault, type Upload } from './open-upload.js';

/** Some two million rows. */
const MAX_FILE_BYTES = 209_715_200;
const OPEN: readonly CampaignStatus[] = ['draft', 'scheduled', 'running', 'paused'];

interface CampaignKey {
  tenantId: string;
  campaignId: string;
}

interface UploadRequest extends CampaignKey {
  /** Label of the API key. */
  actor: string;
  query: UploadQuery;
  traceparent: string | null;
  /** Called once the campaign is known to take contacts. */
  receive: () => Promise<Upload>;
}

/**
 * Adds the contacts of a file to a campaign that is not over, or counts what that would do. Throws what `importContacts` throws, `not_found`,
 * `wrong_campaign_state`, `too_many_uploads`, and for a form that goes on after its file `invalid_body`: what had come of it is taken back.
 */
export async function uploadContacts(
  parts: ApiParts,
  { receive, traceparent, actor, query, ...key }: UploadRequest,
): Promise<ImportView | DryRunView> {
  const { store, uploadRooms, now } = parts;
  const defaultRegion = await regionOf(parts, key);
  const upload = await receive();
  const { file, fileName, sizeBytes } = upload;
  return reading(upload, async () => {
    const told = { ...fieldsOf(uploadQuerySchema, upload.fields), ...query };
    const input = { ...key, defaultRegion, mapping: told.mapping ?? {}, maxBytes: MAX_FILE_BYTES, now };
    if (told.dry_run) return uploadRooms.dryRuns.enter(key.tenantId, () => dryRunContacts(store, input, file));
    const about = { importId: told.import_id ?? randomUUID(), fileName: told.file_name ?? fileName, sizeBytes, traceparent };
    return uploadRooms.imports.enter(key.tenantId, () => importFile(parts, { ...input, ...about, actor }, file));
  });
}

async function importFile(
  parts: ApiParts,
  input: ContactImport & { importId: string; actor: string },
  file: Upload['file'],
): Promise<ImportView> {
  const { store, now } = parts;
  try {
    const view = await importContacts(store, input, file);
    countRows(parts, view);
    return view;
  } catch (error) {
    if (error instanceof FormFault) throw await takenBack(parts, input, error);
    const isOurs = !(error instanceof CarillonError && error.code === 'already_exists');
    const view = isOurs ? await findImport(store, input, now()) : null;
    if (view) countRows(parts, view);
    throw error;
  }
}

/** The form says too late how the file should have been read, or that nothing should have been stored: its contacts go again, but for those who are in a call already. */
async function takenBack(
  parts: ApiParts,
  { tenantId, campaignId, importId, actor }: ContactImport & { importId: string; actor: string },
  { fields }: FormFault,
): Promise<CarillonError> {
  const view = await undoImport(parts.store, { tenantId, campaignId, importId }, { actor, now: parts.now() });
  countRows(parts, view);
  const rest = view.imported === 0 ? '' : `, but for ${view.imported} who were called already`;
  return new CarillonError(
    'invalid_body',
    fields.map(({ field, message }) => ({ field, message: `${message}; the contacts of import ${importId} were taken back${rest}` })),
  );
}

/** Works on an upload; what is left of it is dropped when that fails. */
export async function reading<Result>({ drop }: Upload, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    drop();
    throw error;
  }
}

function countRows({ metrics }: ApiParts, view: ImportView): void {
  metrics.importedRows.inc({ result: 'imported' }, view.imported);
  metrics.importedRows.inc({ result: 'rejected' }, view.rejected);
  metrics.importedRows.inc({ result: 'duplicate' }, view.duplicates);
  metrics.importedRows.inc({ result: 'blacklisted' }, view.blacklisted);
}

interface PreviewRequest extends CampaignKey {
  query: PreviewQuery;
  receive: () => Promise<Upload>;
}

/** How an upload to the campaign would be read. Throws what `previewContacts` throws, `not_found`, `wrong_campaign_state`. */
export async function previewUpload(parts: ApiParts, { receive, query, ...key }: PreviewRequest): Promise<PreviewView> {
  const defaultRegion = await regionOf(parts, key);
  const upload = await receive();
  return reading(upload, async () => {
    const { mapping = {} } = { ...fieldsOf(previewQuerySchema, upload.fields), ...query };
    const file = upload.isForm ? leftOpen(upload.file) : { pieces: upload.file, readToEnd: () => Promise.resolve() };
    const view = await previewContacts(file.pieces, { defaultRegion, mapping });
    await file.readToEnd();
    return view;
  });
}

/** A file whose reader may stop early and leave the rest to `readToEnd`: only then is it known what comes after the file. */
function leftOpen(file: Upload['file']): { pieces: Upload['file']; readToEnd: () => Promise<void> } {
  const pieces = file[Symbol.asyncIterator]();
  let readBytes = 0;
  return {
    pieces: { [Symbol.asyncIterator]: () => ({ next: () => pieces.next() }) },
    async readToEnd() {
      for (let piece = await pieces.next(); !piece.done; piece = await pieces.next()) {
        readBytes += piece.value.length;
        if (readBytes > MAX_FILE_BYTES)
          throw new CarillonError('body_too_large', [{ field: 'file', message: `is larger than ${MAX_FILE_BYTES} bytes` }]);
      }
    },
  };
}

async function regionOf({ store }: ApiParts, key: CampaignKey): Promise<string> {
  const campaign = found(await findCampaign(store, key), 'campaign');
  if (OPEN.includes(campaign.status)) return campaign.default_region;
  const message = `The campaign is ${campaign.status}; make a new one for more contacts`;
  throw new CarillonError('wrong_campaign_state', [{ field: 'status', message }]);
}

/** What the fields of a form say. Throws `invalid_body`. */
export function fieldsOf<Schema extends z.ZodType<object>>(schema: Schema, fields: object): z.infer<Schema> {
  const { data, error } = schema.safeParse(fields);
  if (!error) return data;
  throw new CarillonError(
    'invalid_body',
    error.issues.map(({ path, message }) => ({ field: path.join('.'), message })),
  );
}
