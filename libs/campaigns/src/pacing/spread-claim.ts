/** Due contacts of one class of one bucket. */
export interface DuePlace {
  bucketId: number;
  /** 0: promised callbacks, 1: retries, 2: those never called. */
  rank: number;
  due: number;
}

export interface PlaceShare {
  bucketId: number;
  rank: number;
  most: number;
}

/**
 * Shares a claim over the places it may take from. Callbacks come before retries before first calls; within a class, buckets whose window is about to shut come first, in the order
 * given, and the others share evenly: no part of the country has to wait until another is through. What cannot be shared goes to one each, from another place each time by `turn`, a
 * number that differs from claim to claim. What is claimed together then also lies together, for an import mixes the buckets: 500 contacts of one bucket lie on 500 pages of the
 * table and of each of its indexes, 500 of all buckets on a tenth of that.
 */
export function spreadClaim(
  limit: number,
  places: readonly DuePlace[],
  { isClosing, turn }: { isClosing(bucketId: number): boolean; turn: number },
): PlaceShare[] {
  let left = limit;
  const shares: PlaceShare[] = [];
  const take = ({ bucketId, rank, due }: DuePlace, most: number) => {
    const share = Math.min(due, most, left);
    if (share <= 0) return;
    left -= share;
    shares.push({ bucketId, rank, most: share });
  };
  const ranks = [...new Set(places.map(({ rank }) => rank))].sort((a, b) => a - b);
  for (const rank of ranks) {
    const ofRank = places.filter((place) => place.rank === rank);
    for (const place of ofRank.filter(({ bucketId }) => isClosing(bucketId))) take(place, left);
    const others = ofRank.filter(({ bucketId }) => !isClosing(bucketId));
    const level = levelOf(others, left);
    const surplus = left - others.reduce((sum, { due }) => sum + Math.min(due, level), 0);
    const wanting = others.filter(({ due }) => due > level);
    const first = wanting.length === 0 ? 0 : turn % wanting.length;
    const favoured = new Set([...wanting.slice(first), ...wanting.slice(0, first)].slice(0, surplus));
    for (const place of others) take(place, level + (favoured.has(place) ? 1 : 0));
  }
  return shares;
}

/** As many for each place as can be had by all; what a place does not need goes to the others. */
function levelOf(places: readonly DuePlace[], limit: number): number {
  const rising = places.map(({ due }) => due).sort((a, b) => a - b);
  let left = limit;
  for (const [i, due] of rising.entries()) {
    const level = Math.floor(left / (rising.length - i));
    if (due > level) return level;
    left -= due;
  }
  return rising.at(-1) ?? 0;
}
