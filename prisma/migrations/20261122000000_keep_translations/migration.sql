-- CreateEnum
CREATE TYPE "TranslationOrigin" AS ENUM ('model', 'human');

-- CreateTable
CREATE TABLE "translation" (
    "language" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL DEFAULT '',
    "source_hash" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "origin" "TranslationOrigin" NOT NULL DEFAULT 'model',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "translation_pkey" PRIMARY KEY ("language","tenant_id","source_hash")
);
