import type { TtsRequest } from '@carillon/pipeline';
import { withPronunciations, type Stretch } from './pronunciations.js';

type Spoken = Pick<TtsRequest, 'text' | 'voice' | 'language' | 'style' | 'rate' | 'vocabulary'>;

/** The SSML of one utterance. Text from the model is data: it never becomes markup. */
export function speechMarkup(request: Spoken): string {
  const text = withPronunciations(request.text, request.vocabulary).map(stretchMarkup).join('');
  const accented = speaksForeign(request) ? `<lang xml:lang='${escapeXml(request.language)}'>${text}</lang>` : text;
  const spoken = request.rate === 1 ? accented : `<prosody rate='${rateOf(request.rate)}'>${text}</prosody>`;
  const styled = request.style === 'none' ? spoken : `<mstts:express-as style='${escapeXml(request.style)}'>${spoken}</mstts:express-as>`;
  return (
    `<speak version='1.0' xmlns='http://www.w3.org/2001/10/synthesis' xmlns:mstts='http://www.w3.org/2001/mstts' ` +
    `xml:lang='${escapeXml(request.language)}'><voice name='${escapeXml(request.voice)}'>${styled}</voice></speak>`
  );
}

function stretchMarkup({ text, say }: Stretch): string {
  return say === undefined ? escapeXml(text) : `<sub alias='${escapeXml(say)}'>${escapeXml(text)}</sub>`;
}

/**
 * Voices of many languages find the language out by the words, and its accent where they are told. Others know no `lang`, and inside it the
 * service takes no `prosody`.
 */
function speaksForeign({ voice, language }: Spoken): boolean {
  return voice.includes('Multilingual') && !voice.toLowerCase().startsWith(`${language.toLowerCase()}-`);
}

/** Relative to the voice's own speed, as the service wants it: 1.1 is `+10%`. */
function rateOf(rate: number): string {
  const percent = Math.round((rate - 1) * 100);
  return percent < 0 ? `${percent}%` : `+${percent}%`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&apos;', '"': '&quot;' };

/** Characters that XML 1.0 cannot hold are dropped: one of them would make the service refuse the whole utterance. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/[&<>'"]/g, (character) => ENTITIES[character] ?? '');
}
