-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "ApiRole" AS ENUM ('viewer', 'operator', 'admin');

-- CreateEnum
CREATE TYPE "CampaignStatus" AS ENUM ('draft', 'scheduled', 'running', 'paused', 'completed', 'cancelled');

-- CreateEnum
CREATE TYPE "ContactState" AS ENUM ('waiting', 'reserved', 'in_flight', 'reconciling', 'final');

-- CreateEnum
CREATE TYPE "CallState" AS ENUM ('reserved', 'dialing', 'unknown', 'placed', 'ringing', 'answered', 'ended', 'released');

-- CreateEnum
CREATE TYPE "ImportState" AS ENUM ('running', 'done', 'failed');

-- CreateTable
CREATE TABLE "tenant" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tenant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "key_hash" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "role" "ApiRole" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaign" (
    "id" UUID NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" "CampaignStatus" NOT NULL DEFAULT 'draft',
    "policy" TEXT NOT NULL,
    "default_region" TEXT NOT NULL,
    "initiate" JSONB NOT NULL,
    "max_concurrent" INTEGER NOT NULL,
    "ring_timeout_ms" INTEGER NOT NULL,
    "max_call_ms" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "campaign_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contact_import" (
    "id" UUID NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "campaign_id" UUID NOT NULL,
    "state" "ImportState" NOT NULL DEFAULT 'running',
    "total" INTEGER NOT NULL DEFAULT 0,
    "imported" INTEGER NOT NULL DEFAULT 0,
    "rejected" INTEGER NOT NULL DEFAULT 0,
    "duplicates" INTEGER NOT NULL DEFAULT 0,
    "failure" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "contact_import_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contact_import_error" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "import_id" UUID NOT NULL,
    "line" INTEGER NOT NULL,
    "column" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "row" JSONB NOT NULL,

    CONSTRAINT "contact_import_error_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contact" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "campaign_id" UUID NOT NULL,
    "import_id" UUID,
    "phone_e164" TEXT NOT NULL,
    "variables" JSONB NOT NULL,
    "state" "ContactState" NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disposition" TEXT,
    "traceparent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "final_at" TIMESTAMPTZ(3),

    CONSTRAINT "contact_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "conversation" (
    "id" UUID NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "phone_e164" TEXT NOT NULL,
    "initiate" JSONB NOT NULL,
    "claim" JSONB NOT NULL DEFAULT '{}',
    "reminders" JSONB NOT NULL DEFAULT '[]',
    "synthesis" JSONB,
    "next" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "conversation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "call" (
    "id" UUID NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "campaign_id" UUID,
    "contact_id" BIGINT,
    "conversation_id" UUID NOT NULL,
    "attempt_no" INTEGER NOT NULL,
    "phone_e164" TEXT NOT NULL,
    "state" "CallState" NOT NULL DEFAULT 'reserved',
    "lease_until" TIMESTAMPTZ(3),
    "not_after" TIMESTAMPTZ(3) NOT NULL,
    "repeatability_id" UUID,
    "first_sent_at" TIMESTAMPTZ(3),
    "carrier_call_id" TEXT,
    "media_epoch" INTEGER NOT NULL DEFAULT 0,
    "media_closed_at" TIMESTAMPTZ(3),
    "exchanges" INTEGER NOT NULL DEFAULT 0,
    "agent_closed" BOOLEAN NOT NULL DEFAULT false,
    "ended_by" TEXT,
    "disposition" TEXT,
    "result_code" INTEGER,
    "result_sub_code" INTEGER,
    "result_message" TEXT,
    "traceparent" TEXT,
    "ring_timeout_ms" INTEGER NOT NULL,
    "max_call_ms" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "dialed_at" TIMESTAMPTZ(3),
    "placed_at" TIMESTAMPTZ(3),
    "answered_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "wrapped_at" TIMESTAMPTZ(3),

    CONSTRAINT "call_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "in_flight" (
    "tenant_id" TEXT NOT NULL,
    "phone_e164" TEXT NOT NULL,
    "call_id" UUID NOT NULL,

    CONSTRAINT "in_flight_pkey" PRIMARY KEY ("tenant_id","phone_e164")
);

-- CreateTable
CREATE TABLE "message" (
    "tenant_id" TEXT NOT NULL,
    "conversation_id" UUID NOT NULL,
    "call_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "action" TEXT NOT NULL,
    "persona" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "style" TEXT NOT NULL DEFAULT 'none',
    "tool_calls" JSONB NOT NULL DEFAULT '[]',
    "ledger" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "message_pkey" PRIMARY KEY ("call_id","seq")
);

-- CreateTable
CREATE TABLE "carrier_event" (
    "tenant_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "call_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "traceparent" TEXT,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "processed_at" TIMESTAMPTZ(3),

    CONSTRAINT "carrier_event_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_key_key_hash_key" ON "api_key"("key_hash");

-- CreateIndex
CREATE INDEX "campaign_tenant_id_created_at_idx" ON "campaign"("tenant_id", "created_at");

-- CreateIndex
CREATE INDEX "contact_import_tenant_id_campaign_id_idx" ON "contact_import"("tenant_id", "campaign_id");

-- CreateIndex
CREATE INDEX "contact_import_error_import_id_line_idx" ON "contact_import_error"("import_id", "line");

-- CreateIndex
CREATE INDEX "contact_campaign_id_state_next_at_id_idx" ON "contact"("campaign_id", "state", "next_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "contact_campaign_id_phone_e164_key" ON "contact"("campaign_id", "phone_e164");

-- CreateIndex
CREATE INDEX "conversation_tenant_id_phone_e164_created_at_idx" ON "conversation"("tenant_id", "phone_e164", "created_at");

-- CreateIndex
CREATE INDEX "call_tenant_id_created_at_idx" ON "call"("tenant_id", "created_at");

-- CreateIndex
CREATE INDEX "call_tenant_id_phone_e164_created_at_idx" ON "call"("tenant_id", "phone_e164", "created_at");

-- CreateIndex
CREATE INDEX "call_campaign_id_state_idx" ON "call"("campaign_id", "state");

-- CreateIndex
CREATE INDEX "call_carrier_call_id_idx" ON "call"("carrier_call_id");

-- CreateIndex
CREATE UNIQUE INDEX "call_contact_id_attempt_no_key" ON "call"("contact_id", "attempt_no");

-- CreateIndex
CREATE UNIQUE INDEX "in_flight_call_id_key" ON "in_flight"("call_id");

-- CreateIndex
CREATE INDEX "message_conversation_id_created_at_idx" ON "message"("conversation_id", "created_at");

-- CreateIndex
CREATE INDEX "carrier_event_call_id_idx" ON "carrier_event"("call_id");

-- AddForeignKey
ALTER TABLE "call" ADD CONSTRAINT "call_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;



-- Inbox rows that nobody took yet, for the reaper
CREATE INDEX "carrier_event_unprocessed_idx" ON "carrier_event"("received_at") WHERE "processed_at" IS NULL;
-- Open calls, for the reaper
CREATE INDEX "call_open_idx" ON "call"("lease_until") WHERE "wrapped_at" IS NULL AND "state" <> 'released';
-- Calls whose synthesis may be missing, for the reaper
CREATE INDEX "call_wrapped_idx" ON "call"("wrapped_at") WHERE "exchanges" > 0;
-- The claim: due contacts of one campaign
CREATE INDEX "contact_due_idx" ON "contact"("campaign_id", "next_at", "id") WHERE "state" = 'waiting';

INSERT INTO "tenant" ("id", "name") VALUES ('default', 'Default tenant');
