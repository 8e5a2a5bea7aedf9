/** A campaign that wants to dial. */
export interface Dialer {
  campaignId: string;
  /** Its calls that hold a slot or are about to. */
  openCalls: number;
  maxConcurrent: number;
}

/**
 * Progressive pacing: a call is started only where a slot is free for it, so that whoever answers is served. Slots go one by one to the campaign with the
 * fewest open calls (least active share), the first in the list where they are equal, so that a big campaign never starves a small one.
 * `perCampaign` bounds what one campaign gets at once. Campaigns that get nothing are left out.
 */
export function shareSlots(dialers: readonly Dialer[], freeSlots: number, perCampaign: number): Map<string, number> {
  const shares = new Map<string, number>();
  const openOf = ({ campaignId, openCalls }: Dialer) => openCalls + (shares.get(campaignId) ?? 0);
  const hasRoom = (dialer: Dialer) => openOf(dialer) < dialer.maxConcurrent && (shares.get(dialer.campaignId) ?? 0) < perCampaign;

  for (let free = freeSlots; free > 0; free--) {
    const [first, ...others] = dialers.filter(hasRoom);
    if (first === undefined) break;
    const next = others.reduce((least, dialer) => (openOf(dialer) < openOf(least) ? dialer : least), first);
    shares.set(next.campaignId, (shares.get(next.campaignId) ?? 0) + 1);
  }
  return shares;
}
