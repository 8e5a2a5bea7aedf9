import { jsonText } from '../json.js';
import type { Db } from '../transaction.js';

interface NewContacts {
  tenantId: string;
  campaignId: string;
  importId: string;
  traceparent: string | null;
  nextAt: Date;
  contacts: readonly { phoneE164: string; variables: Record<string, string> }[];
}

/** Inserts the contacts that the campaign does not have yet, in their order, and answers how many those were. */
export async function insertContacts(db: Db, input: NewContacts): Promise<number> {
  const phones = input.contacts.map(({ phoneE164 }) => phoneE164);
  const variables = input.contacts.map((contact) => jsonText(contact.variables));
  return db.prisma.$executeRaw`
    WITH bucket AS (
      INSERT INTO contact_bucket (tenant_id, campaign_id, key, regions, time_zones)
      VALUES (${input.tenantId}, ${input.campaignId}::uuid, '|||', '{}', '{}')
      ON CONFLICT (campaign_id, key) DO UPDATE SET key = excluded.key RETURNING id
    )
    INSERT INTO contact (tenant_id, campaign_id, import_id, bucket_id, phone_e164, variables, next_at, traceparent, created_at)
    SELECT ${input.tenantId}, ${input.campaignId}::uuid, ${input.importId}::uuid, bucket.id, phone, variables::jsonb, ${input.nextAt}, ${input.traceparent},
      ${input.nextAt}
    FROM unnest(${phones}::text[], ${variables}::text[]) WITH ORDINALITY AS rows(phone, variables, position), bucket
    ORDER BY position
    ON CONFLICT (campaign_id, phone_e164) DO NOTHING`;
}
