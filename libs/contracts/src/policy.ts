import { z } from 'zod';

/** Calling policies that ship, as data with their sources (docs/compliance.md). `none` checks nothing by itself: for tests and the demo. */
export const POLICIES = ['us-federal', 'us-strict-states', 'us-debt', 'uk', 'eu', 'fr', 'de', 'cn', 'in', 'none'] as const;
export type PolicyName = (typeof POLICIES)[number];

/** One policy by its name, or several: the strictest of all wins. */
export const policiesSchema = z
  .union([z.enum(POLICIES), z.array(z.enum(POLICIES)).min(1).max(POLICIES.length)])
  .transform((policy) => [...new Set([policy].flat())]);
