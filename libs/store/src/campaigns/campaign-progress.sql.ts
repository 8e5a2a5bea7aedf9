import type { CampaignView, Disposition } from '@carillon/contracts';
import type { Db } from '../transaction.js';

type Progress = Pick<CampaignView, 'progress' | 'dispositions'>;
interface CountRow {
  campaignId: string;
  state: Exclude<keyof CampaignView['progress'], 'contacts'>;
  disposition: Disposition | null;
  count: number;
}

/** Contacts by state and final ones by disposition, for some campaigns; the caller bounds how many. */
export async function countProgress(db: Db, tenantId: string, campaignIds: string[]): Promise<Map<string, Progress>> {
  const rows = await db.prisma.$queryRaw<CountRow[]>`
    SELECT campaign_id AS "campaignId", state::text AS state, disposition, count(*)::int AS count
    FROM contact WHERE tenant_id = ${tenantId} AND campaign_id = ANY (${campaignIds}::uuid[])
    GROUP BY campaign_id, state, disposition`;
  const counts = new Map<string, Progress>(campaignIds.map((id) => [id, noProgress()]));
  for (const row of rows) add(counts.get(row.campaignId), row);
  return counts;
}

function add(counts: Progress | undefined, { state, disposition, count }: CountRow): void {
  if (!counts) return;
  counts.progress.contacts += count;
  counts.progress[state] += count;
  if (state === 'final' && disposition) counts.dispositions[disposition] = count;
}

export function noProgress(): Progress {
  return { progress: { contacts: 0, waiting: 0, reserved: 0, in_flight: 0, reconciling: 0, final: 0 }, dispositions: {} };
}
