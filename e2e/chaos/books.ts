import pg from 'pg';
import type { ContactOfCall } from './referee/double-dials.js';
import type { ContactRow } from './referee/lost-contacts.js';

/** What Postgres holds, read by plain SQL; a connection for each question, since Postgres comes and goes. */
export class Books {
  constructor(private readonly databaseUrl: string) {}

  /** Contacts by campaign and state; `due` are those that wait for nothing but their turn. */
  async progress(campaignIds: readonly string[]): Promise<Record<string, number>> {
    const rows = await this.#ask<{ state: string; count: number }>(
      `SELECT CASE WHEN state = 'waiting' AND next_at > now() + interval '2 minutes' THEN 'postponed' ELSE state::text END AS state, count(*)::int AS count
       FROM contact WHERE campaign_id = ANY ($1::uuid[]) GROUP BY 1`,
      [campaignIds],
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }

  /** People whose contact could still be dialed at any moment. */
  async duePhones(campaignIds: readonly string[]): Promise<string[]> {
    const rows = await this.#ask<{ phone: string }>(
      `SELECT phone_e164 AS phone FROM contact
       WHERE campaign_id = ANY ($1::uuid[]) AND state <> 'final' AND NOT (state = 'waiting' AND next_at > now() + interval '2 minutes')`,
      [campaignIds],
    );
    return rows.map(({ phone }) => phone);
  }

  contacts(campaignIds: readonly string[]): Promise<ContactRow[]> {
    return this.#ask<ContactRow>(
      `SELECT id::text AS id, campaign_id::text AS "campaignId", phone_e164 AS "phoneE164", state::text AS state, disposition,
              EXISTS (SELECT FROM call WHERE call.contact_id = contact.id AND call.state <> 'released' AND call.wrapped_at IS NULL) AS "hasOpenCall"
       FROM contact WHERE campaign_id = ANY ($1::uuid[])`,
      [campaignIds],
    );
  }

  /** Every call that the ledger ever held, released ones too. */
  async contactOfCall(): Promise<Map<string, { contact: string | null; campaignId: string | null }>> {
    const rows = await this.#ask<{ id: string; contact: string | null; campaignId: string | null }>(
      `SELECT id::text AS id, contact_id::text AS contact, campaign_id::text AS "campaignId" FROM call`,
    );
    return new Map(rows.map(({ id, contact, campaignId }) => [id, { contact, campaignId }])) satisfies ContactOfCall;
  }

  async countNoEvidence(campaignIds: readonly string[]): Promise<number> {
    const [row] = await this.#ask<{ count: number }>(
      `SELECT count(*)::int AS count FROM call WHERE disposition = 'no_evidence' AND campaign_id = ANY ($1::uuid[])`,
      [campaignIds],
    );
    return row?.count ?? 0;
  }

  async #ask<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.databaseUrl, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined); // a query that runs then is rejected
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  }
}
