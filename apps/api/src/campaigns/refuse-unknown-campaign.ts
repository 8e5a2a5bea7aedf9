import { CarillonError } from '@carillon/contracts';
import { campaignExists, type Store } from '@carillon/store';

/** Throws `not_found` for a campaign that the tenant does not have; costs no count of its contacts. */
export async function refuseUnknownCampaign(store: Store, key: { tenantId: string; campaignId: string }): Promise<void> {
  if (await campaignExists(store, key)) return;
  throw new CarillonError('not_found', [{ field: 'id', message: 'There is no campaign with this id' }]);
}
