import type { LiveEvent } from '@carillon/contracts';
import { listOpenCallIds } from '@carillon/store';
import type { ApiParts } from '../api-parts.js';
import { refuseUnknownCampaign } from '../campaigns/refuse-unknown-campaign.js';
import type { ApiRequest, ApiResponse } from '../http/api-request.js';
import { createCampaignFilter } from './campaign-filter.js';

/** Streams the tenant's events, or those of one campaign, until either side ends it. Throws `not_found` for a campaign that is not there. */
export async function watchEvents(
  { store, live, streams, log }: ApiParts,
  watched: { tenantId: string; campaignId: string | null },
  { request, response }: { request: ApiRequest; response: ApiResponse },
): Promise<void> {
  const { tenantId, campaignId } = watched;
  const filter = campaignId === null ? null : createCampaignFilter(campaignId);
  if (campaignId !== null) await refuseUnknownCampaign(store, { tenantId, campaignId });
  let send: (event: LiveEvent) => void = () => undefined;
  const unsubscribe = await live.subscribe(tenantId, (event) => {
    if (filter?.passes(event) ?? true) send(event);
  });
  const leave = () => void unsubscribe().catch((error: unknown) => log.warn({ err: error }, 'a subscription could not be ended'));
  try {
    if (campaignId !== null) filter?.know(await listOpenCallIds(store, { tenantId, campaignId }));
  } catch (error) {
    leave();
    throw error;
  }
  if (response.destroyed) return leave();
  send = streams.begin(request, response, leave).send;
}
