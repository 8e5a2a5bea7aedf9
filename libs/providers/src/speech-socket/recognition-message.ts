/** What a phrase, the end of an utterance, comes to. */
export type Phrase =
  | { type: 'speech'; text: string; confidence: number; endsAtMs: number | undefined }
  /** Silence, noise, or a voice that said nothing. */
  | { type: 'nothing'; endsAtMs: number | undefined }
  /** Says nothing of the audio. */
  | { type: 'end-of-dictation' }
  | { type: 'refused'; status: string; code: RefusalCode };

type RefusalCode = 'stt_refused' | 'stt_throttled' | 'stt_rejected';

const TICKS_PER_MS = 10_000;
const REFUSALS: ReadonlyMap<string, RefusalCode> = new Map([
  ['Error', 'stt_refused'],
  ['BadRequest', 'stt_rejected'],
  ['Forbidden', 'stt_refused'],
  ['TooManyRequests', 'stt_throttled'],
]);

/** The text of a hypothesis: empty where it has none, undefined where it cannot be read. */
export function readHypothesis(body: string): string | undefined {
  const hypothesis = objectIn(body);
  return hypothesis && textOf(hypothesis['Text']);
}

/** Undefined where it cannot be read. */
export function readPhrase(body: string): Phrase | undefined {
  const phrase = objectIn(body);
  if (!phrase) return undefined;
  const status = textOf(phrase['RecognitionStatus']);
  const refusal = REFUSALS.get(status);
  if (refusal) return { type: 'refused', status, code: refusal };
  if (status === 'EndOfDictation') return { type: 'end-of-dictation' };
  const endsAtMs = endOf(phrase);
  const best = bestOf(phrase);
  const text = textOf(best?.['Display']) || textOf(phrase['DisplayText']);
  if (status !== 'Success' || text === '') return { type: 'nothing', endsAtMs };
  const confidence = best?.['Confidence'];
  return { type: 'speech', text, confidence: typeof confidence === 'number' ? confidence : 1, endsAtMs };
}

/** Since the first sample of the turn; undefined where the service does not say. */
function endOf({ Offset: offset, Duration: duration }: Record<string, unknown>): number | undefined {
  const ticks = Number(offset ?? NaN) + Number(duration ?? NaN);
  return ticks > 0 ? ticks / TICKS_PER_MS : undefined;
}

function bestOf({ NBest: readings }: Record<string, unknown>): Record<string, unknown> | undefined {
  const best: unknown = Array.isArray(readings) ? readings[0] : undefined;
  return isObject(best) ? best : undefined;
}

function objectIn(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // whoever asked decides what a broken message means
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
