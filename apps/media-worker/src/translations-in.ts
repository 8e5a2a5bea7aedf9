import { addTranslations, findTranslations, type Db } from '@carillon/store';
import type { TranslationStore } from './ports.js';

/** Translations in Postgres. */
export function translationsIn(db: Db, now: () => Date): TranslationStore {
  return {
    find: (scope, sources) => findTranslations(db, { ...scope, sources }),
    add: (scope, translations) => addTranslations(db, { ...scope, translations, now: now() }),
  };
}
