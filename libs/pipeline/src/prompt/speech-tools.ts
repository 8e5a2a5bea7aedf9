import { findLanguage, type Language } from '@carillon/contracts';
import type { ToolDefinition, ToolOutcome } from '../ports.js';

/** Names of the reference peer. */
const SPEECH_LANG = 'speech_lang';
const SPEECH_SPEED = 'speech_speed';

/** What the service's voices do well. */
const SLOWEST = 0.75;
const FASTEST = 1.25;

const speechSpeedDefinition: ToolDefinition = {
  name: SPEECH_SPEED,
  description: 'Changes how fast you speak from now on. Call it when the person asks you to speak slower or faster.',
  parameters: {
    type: 'object',
    properties: {
      speed: { type: 'number', minimum: SLOWEST, maximum: FASTEST, description: '1 is normal, 0.75 the slowest, 1.25 the fastest.' },
    },
    required: ['speed'],
    additionalProperties: false,
  },
};

function speechLangDefinition({ availables }: Language): ToolDefinition {
  return {
    name: SPEECH_LANG,
    description:
      'Goes on in another language: you speak and hear it from now on. Call it before you say anything, when the person asks for the language or speaks it.',
    parameters: {
      type: 'object',
      properties: {
        short_code: { type: 'string', enum: availables.map(({ short_code }) => short_code), description: 'The language to go on in.' },
      },
      required: ['short_code'],
      additionalProperties: false,
    },
  };
}

/** A call of one language has none to change to. */
export function speechToolDefinitions(lang: Language): ToolDefinition[] {
  return [...(lang.availables.length > 1 ? [speechLangDefinition(lang)] : []), speechSpeedDefinition];
}

/** Null when the tool is none of these. */
export function runSpeechTool(lang: Language, name: string, args: Record<string, unknown>): ToolOutcome | null {
  if (name === SPEECH_SPEED) return changeSpeed(args['speed']);
  if (name === SPEECH_LANG && lang.availables.length > 1) return changeLanguage(lang, args['short_code']);
  return null;
}

function changeLanguage(lang: Language, wanted: unknown): ToolOutcome {
  const language = typeof wanted === 'string' ? findLanguage(lang, wanted)?.short_code : undefined;
  if (language !== undefined) {
    return { content: JSON.stringify({ language, note: 'From now on you speak and hear this language.' }), speech: { language } };
  }
  const known = lang.availables.map(({ short_code }) => short_code).join(', ');
  return { content: JSON.stringify({ error: `${JSON.stringify(wanted)} is not spoken here. Use one of: ${known}. Nothing was changed.` }) };
}

/** More than a voice can do is as much as it can. */
function changeSpeed(wanted: unknown): ToolOutcome {
  const speed = typeof wanted === 'string' ? Number.parseFloat(wanted) : wanted;
  if (typeof speed !== 'number' || !Number.isFinite(speed)) {
    return { content: JSON.stringify({ error: `"speed" must be a number from ${SLOWEST} to ${FASTEST}. Nothing was changed.` }) };
  }
  const rate = Math.round(Math.min(FASTEST, Math.max(SLOWEST, speed)) * 100) / 100;
  const limit = rate === speed ? {} : { note: `It can be from ${SLOWEST} to ${FASTEST}.` };
  return { content: JSON.stringify({ speed: rate, ...limit }), speech: { rate } };
}
