import { createHash } from 'node:crypto';
import { storableText } from '../json.js';
import type { Db } from '../transaction.js';

export interface Translation {
  source: string;
  text: string;
}

/** What translations are kept for. */
export interface TranslationScope {
  /** Whose operator wrote the texts; null: they are the engine's own. */
  tenantId: string | null;
  language: string;
}

/** The engine's own texts stand under a name that no tenant has: a key knows no null. */
const OF_ENGINE = '';

/** Those of these texts that are translated into the language, by the model or by a person. */
export async function findTranslations(
  db: Db,
  { tenantId, language, sources }: TranslationScope & { sources: readonly string[] },
): Promise<Translation[]> {
  const known = new Map(sources.map((source) => [hashOf(source), source]));
  const rows = await db.prisma.translation.findMany({
    where: { language, tenantId: tenantId ?? OF_ENGINE, sourceHash: { in: [...known.keys()] } },
    select: { sourceHash: true, text: true },
  });
  return rows.map(({ sourceHash, text }) => ({ source: known.get(sourceHash) ?? '', text }));
}

/** Keeps what the model has translated. What is there stays: another process was faster, or a person knows better. */
export async function addTranslations(
  db: Db,
  { tenantId, language, translations, now }: TranslationScope & { translations: readonly Translation[]; now: Date },
): Promise<void> {
  const data = translations.map(({ source, text }) => ({
    ...{ language, tenantId: tenantId ?? OF_ENGINE, sourceHash: hashOf(source), createdAt: now },
    ...{ source: storableText(source), text: storableText(text) },
  }));
  await db.prisma.translation.createMany({ data, skipDuplicates: true });
}

/** A person can make it in SQL: `encode(sha256(convert_to(source, 'UTF8')), 'hex')`. */
function hashOf(source: string): string {
  return createHash('sha256').update(source, 'utf8').digest('hex');
}
