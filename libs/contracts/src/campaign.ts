import { z } from 'zod';
import { initiateSchema, type Initiate } from './call-request.js';
import type { Disposition } from './disposition.js';

export const CAMPAIGN_STATUSES = ['draft', 'scheduled', 'running', 'paused', 'completed', 'cancelled'] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

/** Calling policies that ship today. `none` checks nothing: for tests and the demo. */
export const POLICIES = ['none'] as const;

/** `POST /campaigns` */
export const campaignRequestSchema = z.object({
  name: z.string().min(1).max(200),
  /** Calling policies by name, one or several: the strictest of all wins. */
  policy: z.union([z.enum(POLICIES), z.array(z.enum(POLICIES)).min(1).max(POLICIES.length)]).transform((policy) => [policy].flat()),
  /** Region of numbers that are written without a country code. */
  default_region: z.string().regex(/^[A-Z]{2}$/, 'use an ISO 3166 code such as US'),
  initiate: initiateSchema,
  max_concurrent: z.number().int().min(1).max(10_000).default(10),
  ring_timeout_ms: z.number().int().min(5_000).max(120_000).default(30_000),
  max_call_ms: z.number().int().min(10_000).max(7_200_000).default(900_000),
});
export type CampaignRequest = z.infer<typeof campaignRequestSchema>;

export interface CampaignView {
  id: string;
  name: string;
  status: CampaignStatus;
  policies: string[];
  default_region: string;
  initiate: Initiate;
  max_concurrent: number;
  ring_timeout_ms: number;
  max_call_ms: number;
  created_at: string;
  started_at: string | null;
  completed_at: string | null;
  /** Contacts by state; they add up to `contacts`. */
  progress: { contacts: number; waiting: number; reserved: number; in_flight: number; reconciling: number; final: number };
  dispositions: Partial<Record<Disposition, number>>;
}

/** `POST /campaigns/{id}/contacts` answers this, and `GET /campaigns/{id}/imports/{importId}`. */
export interface ImportView {
  id: string;
  state: 'running' | 'done' | 'failed' | 'undone';
  total: number;
  imported: number;
  rejected: number;
  duplicates: number;
  failure: string | null;
  /** The first refused rows; all of them as CSV under `/imports/{id}/errors.csv`. */
  errors: { line: number; column: string; reason: string }[];
}
