import { randomUUID } from 'node:crypto';
import type { CampaignRequest } from '@carillon/contracts';
import { storableText, toJson } from '../json.js';
import type { Db } from '../transaction.js';

/** Stores a new campaign as a draft and answers its id. */
export async function insertCampaign(db: Db, input: { tenantId: string; request: CampaignRequest; now: Date }): Promise<string> {
  const { request } = input;
  const { id } = await db.prisma.campaign.create({
    data: {
      id: randomUUID(),
      tenantId: input.tenantId,
      name: storableText(request.name),
      policies: request.policy,
      defaultRegion: request.default_region,
      initiate: toJson(request.initiate),
      maxConcurrent: request.max_concurrent,
      ringTimeoutMs: request.ring_timeout_ms,
      maxCallMs: request.max_call_ms,
      createdAt: input.now,
    },
  });
  return id;
}
