import { z } from 'zod';

export interface Language {
  default_short_code: string;
  availables: LanguageEntry[];
}

export interface LanguageEntry {
  short_code: string;
  voice: string;
  pronunciations_en: string[];
  /** Deployment of a custom neural voice. */
  custom_voice_endpoint_id?: string | null | undefined;
}

/** Language, script where it is written in several, country, dialect: en-US, sr-Latn-RS, wuu-CN, zh-CN-sichuan. */
const LANGUAGE_CODE = /^[a-z]{2,3}(-[A-Z][a-z]{3})?-[A-Z]{2}(-[a-z]{2,20})?$/;

const languageEntrySchema = z.object({
  short_code: z.string().regex(LANGUAGE_CODE, 'use a code such as en-US, wuu-CN, sr-Latn-RS or zh-CN-sichuan'),
  voice: z.string().min(1).max(200),
  pronunciations_en: z.array(z.string().max(100)).max(20).default([]),
  custom_voice_endpoint_id: z.string().max(200).nullish(),
});

export const DEFAULT_LANGUAGE: Language = {
  default_short_code: 'en-US',
  availables: [
    { short_code: 'en-US', voice: 'en-US-ShimmerTurboMultilingualNeural', pronunciations_en: ['English', 'EN', 'United States'] },
  ],
};

export const languageSchema = z
  .object({ default_short_code: z.string(), availables: z.array(languageEntrySchema).min(1).max(50) })
  .refine((lang) => lang.availables.some((entry) => entry.short_code === lang.default_short_code), {
    path: ['default_short_code'],
    message: 'must be the short_code of one of "availables"',
  })
  .default(DEFAULT_LANGUAGE);

/** Languages that have a code of their own and are written as another one. */
const WRITTEN_AS: Readonly<Record<string, string>> = {
  ...{ cmn: 'zh', wuu: 'zh', yue: 'zh', nan: 'zh', hak: 'zh', gan: 'zh', hsn: 'zh', cdo: 'zh' },
  ...{ nb: 'no', nn: 'no', fil: 'tl' },
};

/** The language without script, country and dialect, ISO 639: `zh` of zh-CN-sichuan, and of wuu-CN, which is written so. */
export function baseLanguage(code: string): string {
  const [language = ''] = subtags(code);
  return WRITTEN_AS[language] ?? language;
}

/**
 * The entry that somebody means: by its code in any spelling (`de_de`), by the nearest code of the same language (`de`, `de-CH`), or by one of the
 * names under which it is offered (`German`). Of equals the call's own language, then the first. Null: it is not spoken here.
 */
export function findLanguage({ default_short_code, availables }: Language, wanted: string): LanguageEntry | null {
  const ownFirst = availables.toSorted((a, b) => Number(b.short_code === default_short_code) - Number(a.short_code === default_short_code));
  const nearness = ownFirst.map(({ short_code }) => nearnessOf(short_code, wanted));
  const nearest = Math.max(...nearness);
  if (nearest > 0) return ownFirst[nearness.indexOf(nearest)] ?? null;
  const name = wanted.trim().toLowerCase();
  if (name === '') return null;
  return ownFirst.find(({ pronunciations_en }) => pronunciations_en.some((each) => each.trim().toLowerCase() === name)) ?? null;
}

/** 0: another language. Each part that both codes begin with counts more than all that only one of them has. */
function nearnessOf(code: string, wanted: string): number {
  const [ours, theirs] = [subtags(code), subtags(wanted)];
  if (baseLanguage(code) !== baseLanguage(wanted)) return 0;
  const differsAt = ours.findIndex((part, at) => part !== theirs[at]);
  const shared = differsAt < 0 ? ours.length : differsAt;
  return 100 + 10 * shared - (ours.length + theirs.length - 2 * shared);
}

const subtags = (code: string): string[] => code.trim().toLowerCase().split(/[-_]/);
