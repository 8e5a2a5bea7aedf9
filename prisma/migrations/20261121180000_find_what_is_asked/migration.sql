-- Pages of a campaign's contacts in the order of their upload: without it a page of a small campaign is looked for among the contacts of all campaigns.
-- Contacts come with growing ids, so that an import fills the right end of it only.
CREATE INDEX "contact_campaign_id_id_idx" ON "contact"("campaign_id", "id");

-- Pages of a tenant's calls for later, the next first.
CREATE INDEX "scheduled_call_tenant_id_state_next_at_id_idx" ON "scheduled_call"("tenant_id", "state", "next_at", "id");
