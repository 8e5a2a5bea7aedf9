import {
  CONTACT_CLASSES,
  type ContactDetails,
  type ContactState,
  type ContactView,
  type Disposition,
  type Page,
} from '@carillon/contracts';
import { STATUS_OF_CALL } from '../calls/call-view.js';
import type { Contact } from '../generated/client.js';
import { fromJson } from '../json.js';
import { pageFrom } from '../page.js';
import type { Db } from '../transaction.js';

interface ContactQuery {
  tenantId: string;
  campaignId: string;
  state?: ContactState | undefined;
  phoneE164?: string | undefined;
  limit: number;
  after?: string | undefined;
}

/** Contacts of a campaign in the order of their upload. */
export async function listContacts(db: Db, query: ContactQuery): Promise<Page<ContactView>> {
  const { tenantId, campaignId, state, phoneE164, limit, after } = query;
  const rows = await db.prisma.contact.findMany({
    where: {
      ...{ tenantId, campaignId },
      ...(state === undefined ? {} : { state }),
      ...(phoneE164 === undefined ? {} : { phoneE164 }),
      ...(after === undefined ? {} : { id: { gt: BigInt(after) } }),
    },
    orderBy: { id: 'asc' },
    take: limit + 1,
  });
  return pageFrom(rows.map(contactView), limit);
}

/** More calls than this to one contact are of no help to anybody. */
const MAX_CALLS = 100;

/** One contact with its calls, null where the tenant has none with this id. */
export async function findContact(
  db: Db,
  { tenantId, contactId }: { tenantId: string; contactId: string },
): Promise<ContactDetails | null> {
  const row = await db.prisma.contact.findFirst({ where: { id: BigInt(contactId), tenantId } });
  if (!row) return null;
  const [bucket, calls] = await Promise.all([
    db.prisma.contactBucket.findFirst({ where: { id: row.bucketId, tenantId } }),
    db.prisma.call.findMany({
      // Not those that were put back, but the one that the carrier refused for good.
      where: { tenantId, contactId: row.id, OR: [{ state: { not: 'released' } }, { disposition: { not: null } }] },
      orderBy: { attemptNo: 'desc' },
      take: MAX_CALLS,
    }),
  ]);
  return {
    ...contactView(row),
    variables: fromJson<Record<string, string>>(row.variables),
    time_zones: bucket?.timeZones ?? [],
    country: bucket?.country ?? null,
    calls: calls.map((call) => ({
      call_id: call.id,
      attempt_no: call.attemptNo,
      status: STATUS_OF_CALL[call.state],
      outcome: call.disposition as Disposition | null,
      created_at: call.createdAt.toISOString(),
      answered_at: call.answeredAt?.toISOString() ?? null,
      ended_at: call.endedAt?.toISOString() ?? null,
    })),
  };
}

export function contactView(row: Contact): ContactView {
  return {
    id: row.id.toString(),
    campaign_id: row.campaignId,
    phone_number: row.phoneE164,
    state: row.state,
    class: CONTACT_CLASSES[row.class] ?? 'fresh',
    attempts: row.attempts,
    next_at: row.state === 'final' ? null : row.nextAt.toISOString(),
    blocked: row.blocked,
    disposition: row.disposition as Disposition | null,
    created_at: row.createdAt.toISOString(),
    final_at: row.finalAt?.toISOString() ?? null,
  };
}
