import { CarillonError, type CampaignStatus, type ImportView } from '@carillon/contracts';
import { findCampaign, importContacts } from '@carillon/store';
import type { ApiParts } from '../api-parts.js';
import { found } from '../http/found.js';

/** About a million rows. */
const MAX_FILE_BYTES = 104_857_600;
const OPEN: readonly CampaignStatus[] = ['draft', 'scheduled', 'running', 'paused'];

interface Upload {
  tenantId: string;
  campaignId: string;
  traceparent: string | null;
  file: AsyncIterable<Uint8Array>;
}

/** Adds the contacts of a file to a campaign that is not over. Throws what `importContacts` throws, `not_found`, `wrong_campaign_state`. */
export async function uploadContacts({ store, metrics, now }: ApiParts, { file, ...upload }: Upload): Promise<ImportView> {
  const campaign = found(await findCampaign(store, upload), 'campaign');
  if (!OPEN.includes(campaign.status)) {
    const message = `The campaign is ${campaign.status}; make a new one for more contacts`;
    throw new CarillonError('wrong_campaign_state', [{ field: 'status', message }]);
  }
  const input = { ...upload, defaultRegion: campaign.default_region, maxBytes: MAX_FILE_BYTES, now };
  const view = await importContacts(store, input, file);
  metrics.importedRows.inc({ result: 'imported' }, view.imported);
  metrics.importedRows.inc({ result: 'rejected' }, view.rejected);
  metrics.importedRows.inc({ result: 'duplicate' }, view.duplicates);
  return view;
}
