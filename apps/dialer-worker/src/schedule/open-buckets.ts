import { mayDialBucket, personCapsOf, ringLimitsOf, type BucketDialFacts, type RingLimits } from '@carillon/campaigns';
import type { TenantSettings } from '@carillon/contracts';
import type { Bucket, ClaimCap, RunningCampaign } from '@carillon/store';

/** A bucket whose contacts may be called now, as far as the bucket goes. */
export interface OpenBucket extends Bucket {
  caps: ClaimCap[];
  ring: RingLimits;
  /** Until it shuts; null when that is not in sight. */
  closesInMs: number | null;
}

/** Those of a campaign's buckets that are open, the first to shut first. */
export type OpenBuckets = (campaign: RunningCampaign, tenant: TenantSettings, buckets: readonly Bucket[], now: Date) => OpenBucket[];

interface Memo {
  allowed: boolean;
  ring: RingLimits;
  changesAt: Date | null;
  /** The answer is asked for again then, or when campaign or tenant have changed. */
  until: Date;
  of: string;
}

/** Windows change a few times a day, ticks come several times a second: the gate is asked once per bucket and change. */
export function createOpenBuckets(): OpenBuckets {
  const memos = new Map<number, Memo>();
  return (campaign, tenant, buckets, now) => {
    const of = `${campaign.version} ${JSON.stringify(tenant)}`;
    const judge = (bucket: Bucket): Memo => {
      const known = memos.get(bucket.id);
      if (known?.of === of && now < known.until) return known;
      const { allowed, changesAt } = mayDialBucket(factsOf(campaign, tenant, bucket, now));
      // What is not seen to change is looked at again in an hour all the same: memory is not kept for campaigns that are over.
      const ring = ringLimitsOf([...campaign.policies, ...tenant.policies], bucket);
      const memo = { allowed, ring, of, changesAt, until: changesAt ?? new Date(now.getTime() + 3_600_000) };
      if (memos.size > 100_000) memos.clear();
      memos.set(bucket.id, memo);
      return memo;
    };
    return buckets
      .map((bucket) => ({ bucket, ...judge(bucket) }))
      .filter(({ allowed }) => allowed)
      .map(({ bucket, ring, changesAt }) => ({
        ...bucket,
        ring,
        caps: capsOf(campaign, tenant, bucket, now),
        closesInMs: changesAt && changesAt.getTime() - now.getTime(),
      }))
      .sort((a, b) => (a.closesInMs ?? Infinity) - (b.closesInMs ?? Infinity) || a.id - b.id);
  };
}

function factsOf(
  { campaignId, policies, startsAt, endsAt, settings }: RunningCampaign,
  tenant: TenantSettings,
  bucket: Bucket,
  now: Date,
): BucketDialFacts {
  const { windows, holidays, consent, purpose, per_person: perPerson } = settings;
  const campaign = { campaignId, status: 'running' as const, policies, windows, holidays, startsAt, endsAt, consent, purpose, perPerson };
  return { now, campaign, bucket, tenantPolicies: tenant.policies };
}

function capsOf({ policies, settings }: RunningCampaign, tenant: TenantSettings, bucket: Bucket, now: Date): ClaimCap[] {
  return personCapsOf([...policies, ...tenant.policies], bucket, now, settings.per_person).map((cap) => ({
    ...{ bucketId: bucket.id, code: cap.code, limit: cap.limit, since: cap.since, counts: cap.counts },
    lengthMs: cap.kind === 'rolling' ? cap.lengthMs : null,
    until: cap.kind === 'calendar' ? cap.until : null,
  }));
}
