import type { TtsRequest } from '@carillon/pipeline';

/** The SSML of one utterance. Text from the model is data: it never becomes markup. */
export function speechMarkup(request: Pick<TtsRequest, 'text' | 'voice' | 'language' | 'style' | 'rate'>): string {
  const spoken =
    request.rate === 1 ? escapeXml(request.text) : `<prosody rate='${rateOf(request.rate)}'>${escapeXml(request.text)}</prosody>`;
  const styled = request.style === 'none' ? spoken : `<mstts:express-as style='${request.style}'>${spoken}</mstts:express-as>`;
  return (
    `<speak version='1.0' xmlns='http://www.w3.org/2001/10/synthesis' xmlns:mstts='http://www.w3.org/2001/mstts' ` +
    `xml:lang='${escapeXml(request.language)}'><voice name='${escapeXml(request.voice)}'>${styled}</voice></speak>`
  );
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
