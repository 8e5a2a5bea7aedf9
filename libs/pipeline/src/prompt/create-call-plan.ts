import {
  conversationSettingsSchema,
  DEFAULT_ANSWERING_MACHINE_RULES,
  findLanguage,
  type CallContext,
  type Initiate,
  type LanguageEntry,
} from '@carillon/contracts';
import type { ChatMessage } from '../ports.js';
import type { CallPlan, CallSpeech } from '../session/call-plan.js';
import { callLines, type Opening } from './call-lines.js';
import { BUILT_IN_ONLY, operatorText, type LineBook } from './line-book.js';
import { machineMessage } from './machine-message.js';
import { rulesOfSettings } from './rules-of-settings.js';
import { buildSystemPrompt } from './system-prompt.js';

/** Recognisers take a limited list of hints. */
const MAX_PHRASES = 300;
const MAX_PHRASE_LENGTH = 60;

/** The plan of a call from its context. `now` is the time of day at which it begins, `book` what is translated by then. */
export function createCallPlan(context: CallContext, now: Date, book: LineBook = BUILT_IN_ONLY): CallPlan {
  const { initiate, variables, phoneE164 } = context;
  const settings = conversationSettingsSchema.parse(context.conversation ?? {});
  const opening: Opening = {
    // of this call there may be half a greeting: whoever has it again still has to hear who calls
    resumed: context.history.some(({ ofThisCall = false }) => !ofThisCall),
    disclosures: context.disclosures ?? [],
    legalNotice: settings.legal_notice,
    tenantId: context.tenantId,
  };
  const speechIn = (language: string): CallSpeech => speechOf(languageEntry(initiate, language), initiate, opening, book);
  return {
    ...speechIn(languageOfPerson(context)),
    style: initiate.voice_style ?? 'none',
    rate: initiate.prosody_rate,
    speechIn: initiate.lang.availables.length > 1 ? speechIn : undefined,
    rules: rulesOfSettings(settings),
    machines: machinesOf(context, book),
    eventLog: settings.event_log,
    claim: context.claim,
    systemPrompt: (claim, language) => buildSystemPrompt({ initiate, claim, variables, phoneE164, now, language }),
    history: context.history.map(({ persona, content }): ChatMessage => ({ role: persona === 'human' ? 'user' : 'assistant', content })),
    phrases: hints(initiate, variables),
    vocabulary: initiate.vocabulary,
    maxCallMs: context.maxCallMs,
  };
}

/** The column of a contact's row, whatever the case of its header, that says in which of the campaign's languages they are called. */
export const isLanguageColumn = (name: string): boolean => name.trim().toLowerCase() === 'language';

/** What is not spoken here is as good as not said. */
export function languageOfPerson({ initiate: { lang }, variables }: CallContext): string {
  const [, wanted = ''] = Object.entries(variables).find(([name]) => isLanguageColumn(name)) ?? [];
  return findLanguage(lang, wanted)?.short_code ?? lang.default_short_code;
}

function languageEntry({ lang: { availables, default_short_code } }: Initiate, language: string): LanguageEntry {
  const entryOf = (code: string) => availables.find(({ short_code }) => short_code === code);
  return entryOf(language) ?? entryOf(default_short_code) ?? { short_code: default_short_code, voice: '', pronunciations_en: [] };
}

function speechOf(
  { short_code: language, voice, ...entry }: LanguageEntry,
  initiate: Initiate,
  opening: Opening,
  book: LineBook,
): CallSpeech {
  return { language, voice, customVoice: entry.custom_voice_endpoint_id || undefined, lines: callLines(initiate, opening, language, book) };
}

function machinesOf(context: CallContext, book: LineBook): CallPlan['machines'] {
  const { answeringMachine = DEFAULT_ANSWERING_MACHINE_RULES, initiate, variables } = context;
  if (answeringMachine.on_machine === 'ignore') return undefined;
  if (answeringMachine.message === null) return answeringMachine;
  const whose = { tenantId: context.tenantId, from: initiate.lang.default_short_code, to: languageOfPerson(context) };
  const message = operatorText(answeringMachine.message, whose, book);
  return { ...answeringMachine, message: machineMessage(message, initiate, variables) };
}

/** The words that somebody listed, then names and values that a recogniser would not guess. Numbers among these are left out: it knows them. */
function hints(initiate: Initiate, variables: Record<string, string>): string[] {
  const values = initiate.claim.flatMap((field) => field.values ?? []);
  const row = Object.entries(variables).flatMap(([name, value]) => (isLanguageColumn(name) ? [] : value));
  const words = [initiate.bot_company, initiate.bot_name, ...values, ...row];
  const useful = words.map((word) => word.trim()).filter((word) => word.length <= MAX_PHRASE_LENGTH && /\p{L}{2}/u.test(word));
  const terms = (initiate.vocabulary ?? []).map(({ term }) => term);
  return [...new Set([...terms, ...useful])].slice(0, MAX_PHRASES);
}
