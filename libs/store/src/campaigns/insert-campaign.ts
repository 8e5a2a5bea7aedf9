import { randomUUID } from 'node:crypto';
import type { CampaignRequest } from '@carillon/contracts';
import type { Db } from '../transaction.js';
import { campaignColumns } from './campaign-columns.js';

/** Stores a new campaign as a draft and answers its id. */
export async function insertCampaign(db: Db, input: { tenantId: string; request: CampaignRequest; now: Date }): Promise<string> {
  const { default_region: defaultRegion, ...fields } = input.request;
  const { id } = await db.prisma.campaign.create({
    data: { id: randomUUID(), tenantId: input.tenantId, defaultRegion, ...campaignColumns(fields), createdAt: input.now },
  });
  return id;
}
