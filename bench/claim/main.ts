import { statfs } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { spreadClaim } from '@carillon/campaigns';
import { claimContacts, countDue, inTransaction, openStore, type Store } from '@carillon/store';
import { Client } from 'pg';
import { startBenchServices } from '../services.js';
import { fillCampaigns, type FilledCampaign } from './fill-campaigns.js';

const SMALL = 100_000;
const LARGE = 10_000_000;
const CLAIM = 500;
/** What a small campaign has due, at 500 a claim, and a few left over. */
const ROUNDS = 16;
const WARM_UP_ROUNDS = 2;
/** Of a contact with its indexes. */
const BYTES_PER_CONTACT = 700;

/**
 * What it costs to claim 500 contacts of a campaign of 100,000, and of one of 10,000,000 in the same tables: half of the rows in buckets whose window is shut, 40 % at a cap (which
 * their first claim found, and put off), 10 % due. The claim is the tick's: how much is due, then the claim itself with two caps on each person, committed.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { large: { type: 'string', default: String(LARGE) } } });
  const asked = Number(values.large);
  const large = Math.min(asked, await whatFits());
  if (large < LARGE)
    process.stderr.write(
      `only ${large} contacts: ${large < asked ? 'the disk takes no more' : 'as asked'}; the goal is set for ${LARGE}\n`,
    );
  const services = await startBenchServices('carillon_bench_claim');
  const store = openStore(services.databaseUrl);
  try {
    const client = new Client(services.databaseUrl);
    await client.connect();
    const [small, big] = await fillCampaigns(client, [SMALL, large]);
    await client.end();
    if (!small || !big) throw new Error('two campaigns were filled');
    const [msSmall, msLarge] = await measure(store, small, big);
    const [ms_small, ms_large] = [round(msSmall), round(msLarge)];
    process.stdout.write(
      `${JSON.stringify({ result: 'claim', small: SMALL, large, rounds: ROUNDS, ms_small, ms_large, ratio: round(msLarge / msSmall) })}\n`,
    );
  } finally {
    await store.close();
    await services.stop();
  }
}

/** In turns, so that whatever else the machine does hits both alike. Medians, ms. */
async function measure(store: Store, small: FilledCampaign, large: FilledCampaign): Promise<[number, number]> {
  const took: [number[], number[]] = [[], []];
  for (let turn = 0; turn < ROUNDS + WARM_UP_ROUNDS; turn++) {
    const both = [await claim(store, small), await claim(store, large)] as const;
    if (turn < WARM_UP_ROUNDS) continue;
    took[0].push(both[0]);
    took[1].push(both[1]);
  }
  return [median(took[0]), median(took[1])];
}

async function claim(store: Store, { campaignId, openBuckets }: FilledCampaign): Promise<number> {
  const now = new Date();
  const later = (ms: number) => new Date(now.getTime() + ms);
  const caps = openBuckets.flatMap((bucketId) => [
    cap(bucketId, 3, later(-86_400_000), 86_400_000),
    cap(bucketId, 7, later(-7 * 86_400_000), 7 * 86_400_000),
  ]);
  const startedAt = performance.now();
  const { calls } = await inTransaction(store, async (transaction) => {
    const due = await countDue(transaction, { now, most: CLAIM, buckets: openBuckets.map((id) => ({ id, campaignId })) });
    const places = spreadClaim(CLAIM, due.get(campaignId) ?? [], { isClosing: () => false, turn: 0 });
    const times = { now, chargedOn: now, leaseUntil: later(15_000), busyUntil: later(30_000) };
    return claimContacts(transaction, { tenantId: 'default', campaignId, limit: CLAIM, places, caps, ...times });
  });
  const took = performance.now() - startedAt;
  if (calls.length !== CLAIM) throw new Error(`${calls.length} contacts were claimed instead of ${CLAIM}`);
  return took;
}

function cap(bucketId: number, limit: number, since: Date, lengthMs: number) {
  return { bucketId, code: 'person_cap', limit, since, lengthMs, until: null, counts: 'attempts' as const };
}

/** Half of what is free, for the bench is not alone. */
async function whatFits(): Promise<number> {
  const { bavail, bsize } = await statfs('.');
  return Math.floor((bavail * bsize) / 2 / BYTES_PER_CONTACT);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const round = (value: number) => Math.round(value * 100) / 100;

await main();
