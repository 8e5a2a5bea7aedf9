import { Counter, type Registry } from '@carillon/platform';

export type TranslationMetrics = ReturnType<typeof createTranslationMetrics>;

export function createTranslationMetrics(registry: Registry) {
  const registers = [registry];
  return {
    translations: new Counter({
      name: 'carillon_media_translations_total',
      help: 'Lines, or texts of a campaign, that the model was asked to translate, by what came of it',
      labelNames: ['result'],
      registers,
    }),
    untranslated: new Counter({
      name: 'carillon_media_untranslated_lines_total',
      help: 'Calls that spoke English, or the language of their campaign, in place of a language into which nothing is translated yet',
      labelNames: ['language'],
      registers,
    }),
  };
}
