import { z } from 'zod';

/** Facts that a column of an upload can hold; every other column becomes a variable. */
export const COLUMN_ROLES = ['phone', 'time_zone', 'region', 'consent'] as const;
export type ColumnRole = (typeof COLUMN_ROLES)[number];

const columnName = z.string().min(1).max(1_000);

/** Which column holds what, where the names do not say it. `null` keeps a column from being taken for it. */
export const contactMappingSchema = z.strictObject({
  phone: columnName.optional(),
  time_zone: columnName.nullable().optional(),
  region: columnName.nullable().optional(),
  consent: columnName.nullable().optional(),
  /** Columns that become no variable */
  ignore: z.array(columnName).max(256).optional(),
});
export type ContactMapping = z.infer<typeof contactMappingSchema>;

const rowFaultSchema = z.object({ line: z.int(), column: z.string(), reason: z.string() });

const importCountsSchema = z.object({
  /** Rows below the header, blank lines left out: the sum of `imported`, `rejected`, `duplicates` and `blacklisted` */
  total: z.int(),
  /** Rows that became contacts; after an undo, those of them that stay */
  imported: z.int(),
  rejected: z.int(),
  /** Rows of people that the campaign had before, or that came before in the file */
  duplicates: z.int(),
  /** Of the duplicates, those that came before in the file */
  repeated: z.int(),
  /** Rows of people who must not be called */
  blacklisted: z.int(),
  /** The first refused rows; all of them as CSV under `/imports/{id}/errors.csv` */
  errors: z.array(rowFaultSchema),
});

/** `GET /campaigns/{id}/imports/{importId}`, and the answer to an upload. */
export const importViewSchema = importCountsSchema.extend({
  id: z.uuid(),
  state: z.enum(['running', 'done', 'failed', 'undone']),
  file_name: z.string().nullable(),
  /** Of the upload, where the client said it */
  size_bytes: z.int().nullable(),
  read_bytes: z.int(),
  rows_per_s: z.number().nullable(),
  /** Until it is done, while it runs and its size is known */
  eta_ms: z.int().nullable(),
  failure: z.string().nullable(),
  created_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
});
export type ImportView = z.infer<typeof importViewSchema>;

/** What an upload would do, counted without doing it. */
export const dryRunSchema = importCountsSchema.extend({
  dry_run: z.literal(true),
  /** Rows that would become contacts, duplicates among them, whose region cell is no region of the number's country: the number alone decides where they are */
  region_not_read: z.int(),
});
export type DryRunView = z.infer<typeof dryRunSchema>;

const guessSchema = z.object({
  column: z.string(),
  /** 1 by its name, or given; less by what is in it */
  confidence: z.number().min(0).max(1),
});

/** `POST /campaigns/{id}/contacts/preview` */
export const previewSchema = z.object({
  encoding: z.string(),
  delimiter: z.string(),
  header: z.array(z.string()),
  mapping: z.object({
    phone: guessSchema.nullable(),
    time_zone: guessSchema.nullable(),
    region: guessSchema.nullable(),
    consent: guessSchema.nullable(),
  }),
  /** Columns that become variables, by the names that prompts use */
  variables: z.array(z.string()),
  /** The first rows that would become contacts */
  rows: z.array(
    z.object({
      line: z.int(),
      phone_number: z.string(),
      country: z.string().nullable(),
      regions: z.array(z.string()),
      time_zones: z.array(z.string()),
      consent: z.string().nullable(),
      variables: z.record(z.string(), z.string()),
    }),
  ),
  /** As in a dry run, of the rows that were read */
  region_not_read: z.int(),
  faults: z.array(rowFaultSchema),
});
export type PreviewView = z.infer<typeof previewSchema>;

/** The mapping as JSON text, as it comes in a query or in a field of a form. */
const mappingTextSchema = z
  .string()
  .max(100_000)
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON; write it like {"phone": "Column"}' });
      return z.NEVER;
    }
  })
  .pipe(contactMappingSchema);

/** Query of `POST /campaigns/{id}/contacts/preview`; in a form, fields before the file do as well. */
export const previewQuerySchema = z.object({ mapping: mappingTextSchema.optional() });
export type PreviewQuery = z.infer<typeof previewQuerySchema>;

/** Query of `POST /campaigns/{id}/contacts`; in a form, fields before the file do as well. */
export const uploadQuerySchema = previewQuerySchema.extend({
  /** Counts what the upload would do, and stores nothing */
  dry_run: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  /** A fresh UUID, by which the upload can be watched from its start */
  import_id: z.uuid().toLowerCase().optional(),
  file_name: z.string().max(200).optional(),
});
export type UploadQuery = z.infer<typeof uploadQuerySchema>;
