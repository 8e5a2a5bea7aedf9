-- One index of phone numbers instead of two. Each claim moves 500 contacts, which come in no order of their numbers: with every index of phones that is another
-- 500 pages to read and to log, and among ten million contacts none of them lies in memory.
CREATE UNIQUE INDEX "contact_phone_e164_campaign_id_key" ON "contact"("phone_e164", "campaign_id");

DROP INDEX "contact_campaign_id_phone_e164_key";

DROP INDEX "contact_tenant_id_phone_e164_idx";
