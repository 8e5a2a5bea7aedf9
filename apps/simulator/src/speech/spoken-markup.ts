/** What of an SSML document can be spoken here. */
export interface SpokenMarkup {
  text: string;
  voice: string;
  /** 1 is the voice's own speed. */
  rate: number;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const NAMED_RATES: Record<string, number> = { 'x-slow': 0.5, slow: 0.75, medium: 1, default: 1, fast: 1.25, 'x-fast': 1.5 };

/** One voice per document; styles and pitch are not spoken. Undefined when it is no SSML. */
export function readSpokenMarkup(ssml: string): SpokenMarkup | undefined {
  if (!/<speak[\s>]/.test(ssml) || !/<\/speak>\s*$/.test(ssml)) return undefined;
  const voice = /<voice\s[^>]*name=(?:'([^']*)'|"([^"]*)")/.exec(ssml);
  const rate = /<prosody\s[^>]*rate=(?:'([^']*)'|"([^"]*)")/.exec(ssml);
  const text = ssml
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return { text: plain(text), voice: plain(voice?.[1] ?? voice?.[2] ?? ''), rate: rateOf(rate?.[1] ?? rate?.[2] ?? 'default') };
}

function plain(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return ENTITIES[name] ?? whole;
  });
}

/** `+10%`, `-10%`, a factor, or a name. */
function rateOf(rate: string): number {
  const named = NAMED_RATES[rate];
  if (named !== undefined) return named;
  const value = rate.endsWith('%') ? 1 + Number(rate.slice(0, -1)) / 100 : Number(rate);
  return value > 0 ? Math.min(3, Math.max(0.5, value)) : 1;
}
