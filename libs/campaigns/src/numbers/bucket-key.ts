/** Everything the gate asks about a contact that many contacts share; contacts with equal facts are in one bucket. */
export interface BucketFacts {
  /** ISO 3166 alpha-2. */
  country: string | null;
  regions: readonly string[];
  /** IANA names. */
  timeZones: readonly string[];
  consent: string | null;
}

/** `US|FL|America/Chicago|express`: the same text for the same facts in any order. {@link bucketFactsOf} reads it back. */
export function bucketKeyOf({ country, regions, timeZones, consent }: BucketFacts): string {
  return `${country ?? ''}|${listed(regions)}|${listed(timeZones)}|${consent ?? ''}`;
}

/** Lists come back sorted and without repetition. Throws for a text that is no key. */
export function bucketFactsOf(key: string): BucketFacts {
  const [country, regions, timeZones, ...consent] = key.split('|');
  if (country === undefined || regions === undefined || timeZones === undefined || consent.length === 0) {
    throw new TypeError('Not a bucket key: it has four parts, separated by |');
  }
  return { country: country || null, regions: unlisted(regions), timeZones: unlisted(timeZones), consent: consent.join('|') || null };
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : [...new Set(items)].sort().join(',');
}

function unlisted(text: string): string[] {
  return text === '' ? [] : text.split(',');
}
