-- CreateEnum
CREATE TYPE "ScheduledCallState" AS ENUM ('waiting', 'called', 'cancelled', 'expired');

-- CreateEnum
CREATE TYPE "ScheduledCallSource" AS ENUM ('api', 'reminder', 'callback');

-- AlterEnum
ALTER TYPE "ImportState" ADD VALUE 'undone';

-- DropIndex
DROP INDEX "call_campaign_id_state_idx";

-- DropIndex
DROP INDEX "contact_campaign_id_state_next_at_id_idx";

-- AlterTable
ALTER TABLE "call" ADD COLUMN     "callback_at" TIMESTAMPTZ(3),
ADD COLUMN     "caller_number" TEXT,
ADD COLUMN     "charged_on" DATE,
ADD COLUMN     "class" SMALLINT NOT NULL DEFAULT 2,
ADD COLUMN     "cost_micros" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "decision" JSONB;

-- AlterTable
ALTER TABLE "campaign" ADD COLUMN     "ends_at" TIMESTAMPTZ(3),
ADD COLUMN     "held_reason" TEXT,
ADD COLUMN     "held_until" TIMESTAMPTZ(3),
ADD COLUMN     "policies" TEXT[],
ADD COLUMN     "settings" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "spent_micros" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "starts_at" TIMESTAMPTZ(3),
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "contact" ADD COLUMN     "blocked" TEXT,
ADD COLUMN     "bucket_id" INTEGER,
ADD COLUMN     "class" SMALLINT NOT NULL DEFAULT 2;

-- AlterTable
ALTER TABLE "contact_import" ADD COLUMN     "blacklisted" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "file_name" TEXT,
ADD COLUMN     "read_bytes" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "repeated" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "size_bytes" BIGINT;

-- AlterTable
ALTER TABLE "tenant" ADD COLUMN     "settings" JSONB NOT NULL DEFAULT '{}';

-- CreateTable
CREATE TABLE "contact_bucket" (
    "id" SERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "campaign_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "country" TEXT,
    "regions" TEXT[],
    "time_zones" TEXT[],
    "consent" TEXT,

    CONSTRAINT "contact_bucket_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dial_counter" (
    "tenant_id" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "used" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "dial_counter_pkey" PRIMARY KEY ("tenant_id","scope","key","day")
);

-- CreateTable
CREATE TABLE "blacklist_entry" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "scope" TEXT NOT NULL DEFAULT '*',
    "phone_e164" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "blacklist_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "caller_number" (
    "tenant_id" TEXT NOT NULL,
    "phone_e164" TEXT NOT NULL,
    "country" TEXT,
    "region" TEXT,
    "max_concurrent" INTEGER,
    "daily_cap" INTEGER,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "resting_until" TIMESTAMPTZ(3),
    "rest_reason" TEXT,
    "rests" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "caller_number_pkey" PRIMARY KEY ("tenant_id","phone_e164")
);

-- CreateTable
CREATE TABLE "scheduled_call" (
    "id" UUID NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "phone_e164" TEXT NOT NULL,
    "initiate" JSONB NOT NULL,
    "policies" TEXT[],
    "source" "ScheduledCallSource" NOT NULL,
    "reason" TEXT,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "not_after" TIMESTAMPTZ(3) NOT NULL,
    "state" "ScheduledCallState" NOT NULL DEFAULT 'waiting',
    "blocked" TEXT,
    "call_id" UUID,
    "from_call_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "scheduled_call_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "changes" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fleet_epoch" (
    "id" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL,

    CONSTRAINT "fleet_epoch_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "contact_bucket_campaign_id_key_key" ON "contact_bucket"("campaign_id", "key");

-- CreateIndex
CREATE INDEX "blacklist_entry_tenant_id_id_idx" ON "blacklist_entry"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "blacklist_entry_phone_e164_tenant_id_scope_key" ON "blacklist_entry"("phone_e164", "tenant_id", "scope");

-- CreateIndex
CREATE INDEX "scheduled_call_state_next_at_idx" ON "scheduled_call"("state", "next_at");

-- CreateIndex
CREATE INDEX "scheduled_call_tenant_id_phone_e164_idx" ON "scheduled_call"("tenant_id", "phone_e164");

-- CreateIndex
CREATE UNIQUE INDEX "scheduled_call_from_call_id_next_at_key" ON "scheduled_call"("from_call_id", "next_at");

-- CreateIndex
CREATE INDEX "audit_entry_tenant_id_subject_subject_id_id_idx" ON "audit_entry"("tenant_id", "subject", "subject_id", "id");

-- CreateIndex
CREATE INDEX "call_campaign_id_created_at_idx" ON "call"("campaign_id", "created_at");

-- CreateIndex
CREATE INDEX "call_wrapped_at_state_idx" ON "call"("wrapped_at", "state");

-- CreateIndex
CREATE INDEX "call_caller_number_created_at_idx" ON "call"("caller_number", "created_at");

-- CreateIndex
CREATE INDEX "campaign_status_idx" ON "campaign"("status");

-- CreateIndex
CREATE INDEX "contact_campaign_id_state_bucket_id_class_next_at_id_idx" ON "contact"("campaign_id", "state", "bucket_id", "class", "next_at", "id");

-- CreateIndex
CREATE INDEX "contact_tenant_id_phone_e164_idx" ON "contact"("tenant_id", "phone_e164");

-- What is there already keeps its meaning
UPDATE "campaign" SET "policies" = ARRAY["policy"];
ALTER TABLE "campaign" DROP COLUMN "policy";
INSERT INTO "contact_bucket" ("tenant_id", "campaign_id", "key", "regions", "time_zones")
SELECT DISTINCT "tenant_id", "campaign_id", '|||', '{}'::text[], '{}'::text[] FROM "contact";
UPDATE "contact" SET "bucket_id" = "contact_bucket"."id" FROM "contact_bucket" WHERE "contact_bucket"."campaign_id" = "contact"."campaign_id";
ALTER TABLE "contact" ALTER COLUMN "bucket_id" SET NOT NULL;
UPDATE "call" SET "wrapped_at" = "ended_at" WHERE "state" = 'released' AND "wrapped_at" IS NULL;
INSERT INTO "fleet_epoch" ("id", "epoch") VALUES (1, 1);
