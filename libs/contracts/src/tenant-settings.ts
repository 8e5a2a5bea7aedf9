import { z } from 'zod';
import { policiesSchema, type PolicyName } from './policy.js';

/** Limits and rules for all calls of a tenant, whatever campaign they belong to. Null: no limit of the tenant's own. */
export interface TenantSettings {
  /** IANA zone in which the tenant's days begin: daily caps are counted in it. */
  time_zone: string;
  max_concurrent: number | null;
  calls_per_second: number | null;
  daily_cap: number | null;
  /** By ISO 3166 alpha-2 code of the number that is called. */
  countries: Record<string, { calls_per_second: number | null; max_concurrent: number | null }>;
  /** Apply to each call besides the campaign's own. */
  policies: PolicyName[];
}

const rate = z.number().min(0.01).max(10_000).nullable().default(null);
const count = (max: number) => z.number().int().min(1, 'must be at least 1; use null for no limit').max(max).nullable().default(null);

const fields = {
  time_zone: z.string().refine(isTimeZone, 'use an IANA time zone such as Europe/Paris').default('UTC'),
  max_concurrent: count(100_000),
  calls_per_second: rate,
  daily_cap: count(100_000_000),
  countries: z
    .record(
      z.string().regex(/^[A-Z]{2}$/, 'use ISO 3166 codes such as US'),
      z.object({ calls_per_second: rate, max_concurrent: count(100_000) }),
    )
    .default({}),
  policies: z
    .union([policiesSchema, z.array(z.never()).max(0)])
    .transform((names): PolicyName[] => names)
    .default([]),
};

/** `PUT /limits` replaces them all: what is not there goes back to its default. */
export const tenantSettingsSchema = z.strictObject(fields).meta({
  example: {
    ...{ time_zone: 'America/New_York', max_concurrent: 200, calls_per_second: 5, daily_cap: 200 },
    ...{ countries: { US: { calls_per_second: 2 } }, policies: ['us-federal'] },
  },
});

/** What `GET /limits` answers, and `PUT /limits`. */
export const tenantSettingsViewSchema = z.object({
  time_zone: z.string(),
  max_concurrent: z.number().int().nullable(),
  calls_per_second: z.number().nullable(),
  daily_cap: z.number().int().nullable(),
  countries: z.record(z.string(), z.object({ calls_per_second: z.number().nullable(), max_concurrent: z.number().int().nullable() })),
  policies: z.array(z.string()),
});

const storedSchema = z.object(fields);
export const DEFAULT_TENANT_SETTINGS: TenantSettings = storedSchema.parse({});

/** Of the stored JSON. Throws where it cannot be read: limits that nobody understands must not count as none. */
export function parseTenantSettings(json: unknown): TenantSettings {
  return storedSchema.parse(json ?? {});
}

function isTimeZone(name: string): boolean {
  try {
    // Abbreviations such as IST mean one thing here and another to the database.
    return /^UTC$|\//.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
