import { claimSchemaSchema, type Claim, type ClaimField } from '@carillon/contracts';
import { z } from 'zod';
import type { ChatMessage } from '../chat-request.js';

/** What the system prompt tells: all that this model ever knows of a call. */
export interface Briefing {
  fields: ClaimField[];
  collected: Claim;
  /** `YYYY-MM-DD` */
  today: string;
  /** Who the model speaks as, and for whom; empty when the prompt does not say. */
  botName: string;
  company: string;
}

const FIELDS = /^Fields to collect \(JSON\): (.+)$/m;
const COLLECTED = /^Collected so far \(JSON\): (.+)$/m;
const NOW = /\bNow it is (\d{4}-\d\d-\d\d)/;
const ROLE = /^You are (.+?), a voice assistant who calls on behalf of (.+?)\. /m;

const claimSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** Reads the lines with fixed labels. What cannot be read counts as empty: a model does not fail over its prompt. */
export function readBriefing(messages: readonly ChatMessage[], today: string): Briefing {
  const prompt = messages
    .filter(({ role }) => role === 'system' || role === 'developer')
    .map(({ content }) => content ?? '')
    .join('\n');
  const [, botName = '', company = ''] = ROLE.exec(prompt) ?? [];
  return {
    fields: parse(FIELDS.exec(prompt)?.[1], claimSchemaSchema, []),
    collected: parse(COLLECTED.exec(prompt)?.[1], claimSchema, {}),
    today: NOW.exec(prompt)?.[1] ?? today,
    botName,
    company,
  };
}

function parse<T>(json: string | undefined, schema: z.ZodType<T>, otherwise: T): T {
  if (json === undefined) return otherwise;
  const result = z.string().transform(parseJson).pipe(schema).safeParse(json);
  return result.success ? result.data : otherwise;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema refuses it
  }
}
