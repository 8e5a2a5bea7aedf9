import type { TtsRequest } from '../ports.js';
import { DEFAULT_RULES, type ConversationRules } from '../turn/conversation-rules.js';
import { resumeTurnState, type CallSnapshot } from '../turn/snapshot.js';
import type { SpeechChoice } from '../turn/speech.js';
import { createTurnState, type TurnState } from '../turn/state.js';
import type { CallPlan, CallSpeech } from './call-plan.js';
import type { CallPorts } from './call-ports.js';

/** How turn taking begins: anew, or, where the line or the worker was lost, in the language that was spoken by then. */
export function initialState(plan: CallPlan, ports: CallPorts, snapshot: CallSnapshot | undefined): TurnState {
  const at = ports.clock.now();
  const rules = rulesOfCall(plan, ports, speechOf(plan, snapshot?.speech ?? {}));
  if (snapshot === undefined) return createTurnState(rules, plan.history, at);
  const isMachine = snapshot.machine === true && plan.machines !== undefined; // else nobody would tell when it is our turn
  return resumeTurnState({ ...snapshot, machine: isMachine }, rules, at);
}

function rulesOfCall(plan: CallPlan, ports: CallPorts, { language, lines }: CallSpeech): ConversationRules {
  const { maxCallMs } = plan;
  const ofTheCall = { language, lines, maxCallMs, sttFinalMs: ports.stt.finalP99Ms, semanticEndpointing: ports.endpointer !== undefined };
  return { ...DEFAULT_RULES, ...plan.rules, ...ofTheCall };
}

/** How the agent sounds now. */
export function voiceOf(plan: CallPlan, chosen: SpeechChoice): Omit<TtsRequest, 'text' | 'sampleRate'> {
  const { voice, customVoice, language } = speechOf(plan, chosen);
  const { style, rate, vocabulary } = plan;
  return { voice, customVoice, language, style, rate: chosen.rate ?? rate, vocabulary };
}

function speechOf(plan: CallPlan, { language }: SpeechChoice): CallSpeech {
  return (language === undefined ? undefined : plan.speechIn?.(language)) ?? plan;
}
