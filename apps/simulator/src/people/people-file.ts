import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { FLITE_VOICES, type FliteVoice } from '../engines/flite.js';
import { TEMPERAMENTS } from './person.js';
import type { PersonEntry } from './population.js';
import { TOPICS } from './topic.js';

const entrySchema = z.strictObject({
  phone: z.string().regex(/^\+[1-9]\d{6,14}$/, 'write the number in E.164'),
  temperament: z.enum(TEMPERAMENTS),
  voice: z.custom<FliteVoice>((value) => FLITE_VOICES.some((voice) => voice === value), `use one of ${FLITE_VOICES.join(', ')}`),
  lacks: z.array(z.enum(TOPICS)).optional(),
});

const fileSchema = z
  .array(entrySchema)
  .refine((entries) => new Set(entries.map(({ phone }) => phone)).size === entries.length, 'a phone number occurs twice');

/** Reads the people that are not made up from their number. Rejects, with every problem, when the file cannot be used. */
export async function readPeopleFile(path: string | URL): Promise<PersonEntry[]> {
  const parsed = fileSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`The people file cannot be used:\n${z.prettifyError(parsed.error)}`);
}
