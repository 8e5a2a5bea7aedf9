import type { Db } from '../transaction.js';

/**
 * Contacts of campaigns under way, or cancelled since then, that the ledger cannot account for; zero is the promise. Either a campaign's contacts are not as many as the rows that
 * its imports brought in, or a contact is in a call that is not open.
 */
export async function countUnaccountedContacts(db: Db, cancelledAfter: Date): Promise<number> {
  const [row] = await db.prisma.$queryRaw<{ missing: number; adrift: number }[]>`
    WITH under_way AS (
      SELECT id FROM campaign
      WHERE status IN ('running', 'paused') OR (status = 'cancelled' AND completed_at > ${cancelledAfter}::timestamptz)
    ), settled AS (
      SELECT campaign_id AS id, sum(imported) AS imported FROM contact_import JOIN under_way ON under_way.id = contact_import.campaign_id
      GROUP BY campaign_id HAVING bool_and(contact_import.state <> 'running')
    )
    SELECT
      (SELECT coalesce(sum(abs(settled.imported - (SELECT count(*) FROM contact WHERE contact.campaign_id = settled.id))), 0)::int FROM settled) AS missing,
      (SELECT count(*)::int FROM (
         SELECT contact.id FROM under_way JOIN contact ON contact.campaign_id = under_way.id WHERE contact.state IN ('reserved', 'in_flight', 'reconciling')
         EXCEPT
         SELECT contact_id FROM call WHERE state <> 'released' AND wrapped_at IS NULL) AS without_call) AS adrift`;
  return row ? row.missing + row.adrift : 0;
}
