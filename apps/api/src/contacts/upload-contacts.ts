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
import { dryRunContacts, findCampaign, importContacts, previewContacts } from '@carillon/store';
import type { z } from 'zod';
import type { ApiParts } from '../api-parts.js';
import { found } from '../http/found.js';
import type { Upload } from './open-upload.js';

/** Some two million rows. */
const MAX_FILE_BYTES = 209_715_200;
const OPEN: readonly CampaignStatus[] = ['draft', 'scheduled', 'running', 'paused'];

interface CampaignKey {
  tenantId: string;
  campaignId: string;
}

interface UploadRequest extends CampaignKey {
  query: UploadQuery;
  traceparent: string | null;
  /** Called once the campaign is known to take contacts. */
  receive: () => Promise<Upload>;
}

/**
 * Adds the contacts of a file to a campaign that is not over, or counts what that would do. Throws what `importContacts` throws, `not_found`,
 * `wrong_campaign_state`, `too_many_uploads`.
 */
export async function uploadContacts(
  parts: ApiParts,
  { receive, traceparent, query, ...key }: UploadRequest,
): Promise<ImportView | DryRunView> {
  const { store, uploadRooms, now } = parts;
  const defaultRegion = await regionOf(parts, key);
  const upload = await receive();
  const { file, fileName, sizeBytes } = upload;
  return reading(upload, async () => {
    const told = { ...fieldsOf(uploadQuerySchema, upload.fields), ...query };
    const input = { ...key, defaultRegion, mapping: told.mapping ?? {}, maxBytes: MAX_FILE_BYTES, now };
    if (told.dry_run) return uploadRooms.dryRuns.enter(() => dryRunContacts(store, input, file));
    const about = { importId: told.import_id, fileName: told.file_name ?? fileName, sizeBytes, traceparent };
    const view = await uploadRooms.imports.enter(() => importContacts(store, { ...input, ...about }, file));
    countRows(parts, view);
    return view;
  });
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
    return previewContacts(upload.file, { defaultRegion, mapping });
  });
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
