import type { Claim, ClaimField } from '@carillon/contracts';
import { z } from 'zod';
import type { ChatMessage } from '../chat-request.js';
import { remarkIn } from '../hearing/remark.js';
import type { Briefing } from './briefing.js';
import { fieldAskedIn } from './field-question.js';

/** Answers without a usable value after which a field is given up. */
const MAX_FAILED_ANSWERS = 3;

/** Nobody is asked the same more often, whatever they say in between. */
const MAX_ASKED = 6;

/** Remarks that are no try at an answer. */
const NO_ANSWERS = new Set(['repeat', 'go-on', 'who-is-it']);

/** Where a conversation stands, worked out anew from its messages each time: the model itself keeps nothing. */
export interface Progress {
  /** What the person has said since the agent spoke last; null when tools have answered since, or nobody has said anything. */
  words: string | null;
  /** Fields without a value, in order, those left out that were given up before the last words. */
  missing: ClaimField[];
  /** The same if the last words hold no value: their field may have to be given up. */
  stillMissing: ClaimField[];
  /** The field that the last question was for. */
  asked: ClaimField | null;
  /** How often the agent asked for a field. */
  timesAsked(field: ClaimField): number;
  /** Whether the agent, not counting a greeting of others, has spoken before. */
  agentHasSpoken: boolean;
  /** Why the value just stored was refused. */
  refusal: string | null;
}

interface History {
  asked: Map<string, number>;
  failed: Map<string, number>;
  refused: Set<string>;
  lastAsked: ClaimField | null;
  agentTurns: number;
}

export function readProgress(briefing: Briefing, messages: readonly ChatMessage[]): Progress {
  const lastTurnAt = messages.findLastIndex(({ role }) => role === 'assistant') + 1;
  const lastTurn = messages.slice(lastTurnAt);
  const results = lastTurn.flatMap((message) => (message.role === 'tool' ? [readResult(message.content)] : []));
  const words = lastTurn.flatMap((message) => (message.role === 'user' ? [message.content] : [])).join(' ');
  const collected: Claim = Object.assign({}, briefing.collected, ...results.map(({ updated }) => updated));
  const before = readHistory(briefing.fields, messages.slice(0, lastTurnAt));
  const uncollected = briefing.fields.filter(({ name }) => !Object.hasOwn(collected, name));
  const missing = uncollected.filter((field) => !isGivenUp(before, field));
  const now = readHistory(briefing.fields, messages);
  return {
    words: words === '' ? null : words,
    missing,
    stillMissing: missing.filter((field) => !isGivenUp(now, field)),
    asked: before.lastAsked,
    timesAsked: ({ name }) => before.asked.get(name) ?? 0,
    agentHasSpoken: before.agentTurns > 1,
    refusal: results.flatMap(({ rejected }) => rejected)[0]?.reason ?? null,
  };
}

function isGivenUp({ refused, failed, asked }: History, { name }: ClaimField): boolean {
  return refused.has(name) || (failed.get(name) ?? 0) >= MAX_FAILED_ANSWERS || (asked.get(name) ?? 0) >= MAX_ASKED;
}

/** Counts what was asked and how it was answered. An answer to a field that is collected by now does not matter any more. */
function readHistory(fields: readonly ClaimField[], messages: readonly ChatMessage[]): History {
  const history: History = { asked: new Map(), failed: new Map(), refused: new Set(), lastAsked: null, agentTurns: 0 };
  for (const message of messages) {
    if (message.role === 'assistant') onAgent(history, fields, message.content ?? '');
    if (message.role === 'user') onPerson(history, message.content);
  }
  return history;
}

function onAgent(history: History, fields: readonly ClaimField[], text: string): void {
  if (text === '') return;
  history.agentTurns += 1;
  const asked = fieldAskedIn(text, fields);
  if (asked === null) return;
  history.lastAsked = asked;
  increase(history.asked, asked.name);
}

function onPerson(history: History, text: string): void {
  const { lastAsked } = history;
  if (lastAsked === null) return;
  const remark = remarkIn(text);
  if (remark === 'does-not-know') history.refused.add(lastAsked.name);
  if (!NO_ANSWERS.has(remark ?? '')) increase(history.failed, lastAsked.name);
}

function increase(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

const resultSchema = z.object({
  updated: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  rejected: z.array(z.object({ reason: z.string() })).default([]),
});
type ToolResult = z.infer<typeof resultSchema>;

/** The outcome of `updated_claim`; of any other tool, or of one that was broken off, nothing is known. */
function readResult(content: string): ToolResult {
  try {
    return resultSchema.parse(JSON.parse(content));
  } catch {
    return { updated: {}, rejected: [] };
  }
}
