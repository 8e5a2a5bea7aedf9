import { conversationSettingsSchema, DEFAULT_ANSWERING_MACHINE_RULES, type CallContext, type Initiate } from '@carillon/contracts';
import type { ChatMessage } from '../ports.js';
import type { CallPlan } from '../session/call-plan.js';
import { callLines } from './call-lines.js';
import { machineMessage } from './machine-message.js';
import { rulesOfSettings } from './rules-of-settings.js';
import { buildSystemPrompt } from './system-prompt.js';

/** Recognisers take a limited list of hints. */
const MAX_PHRASES = 100;
const MAX_PHRASE_LENGTH = 60;

/** The plan of a call from its context. `now` is the time of day at which it begins. */
export function createCallPlan(context: CallContext, now: Date): CallPlan {
  const { initiate, variables, phoneE164 } = context;
  const settings = conversationSettingsSchema.parse(context.conversation ?? {});
  const { default_short_code: language, availables } = initiate.lang;
  return {
    language,
    voice: availables.find((entry) => entry.short_code === language)?.voice ?? '',
    style: 'none',
    rate: initiate.prosody_rate,
    lines: callLines(initiate, {
      // of this call there may be half a greeting: whoever has it again still has to hear who calls
      resumed: context.history.some(({ ofThisCall = false }) => !ofThisCall),
      disclosures: context.disclosures ?? [],
      legalNotice: settings.legal_notice,
    }),
    rules: rulesOfSettings(settings),
    machines: machinesOf(context),
    eventLog: settings.event_log,
    claim: context.claim,
    systemPrompt: (claim) => buildSystemPrompt({ initiate, claim, variables, phoneE164, now }),
    history: context.history.map(({ persona, content }): ChatMessage => ({ role: persona === 'human' ? 'user' : 'assistant', content })),
    phrases: hints(initiate, variables),
    maxCallMs: context.maxCallMs,
  };
}

function machinesOf({ answeringMachine = DEFAULT_ANSWERING_MACHINE_RULES, initiate, variables }: CallContext): CallPlan['machines'] {
  if (answeringMachine.on_machine === 'ignore') return undefined;
  const { message } = answeringMachine;
  return { ...answeringMachine, message: message === null ? null : machineMessage(message, initiate, variables) };
}

/** Names and values that a recogniser would not guess. Numbers are left out: it knows them. */
function hints(initiate: Initiate, variables: Record<string, string>): string[] {
  const values = initiate.claim.flatMap((field) => field.values ?? []);
  const words = [initiate.bot_company, initiate.bot_name, ...values, ...Object.values(variables)];
  const useful = words.map((word) => word.trim()).filter((word) => word.length <= MAX_PHRASE_LENGTH && /\p{L}{2}/u.test(word));
  return [...new Set(useful)].slice(0, MAX_PHRASES);
}
