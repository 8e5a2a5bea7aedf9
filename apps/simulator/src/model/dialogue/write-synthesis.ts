import type { ChatMessage } from '../chat-request.js';
import { nameWords } from '../hearing/field-kind.js';
import { remarkIn } from '../hearing/remark.js';

type Schema = Readonly<Record<string, unknown>>;

/** Who speaks, at the beginning of a transcript's line. */
const HUMAN = /^\s*[-*]?\s*\**(?:human|user|person|customer|callee|caller|contact)\**\s*:\s*(.+)$/i;
const AGENT = /^\s*[-*]?\s*\**(?:assistant|agent|bot)\**\s*:\s*(.+)$/i;

/** A line such as `Collected (JSON): {…}`. */
const COLLECTED = /^[^\n{]*\bcollected\b[^\n{]*(\{.*\})\s*$/im;

interface Talk {
  human: string[];
  agent: string[];
  collected: [string, unknown][];
}

/** An object after the schema, with what the transcript holds and nothing else. Properties that it does not know get the emptiest value. */
export function writeSynthesis(messages: readonly ChatMessage[], schema: Schema): Record<string, unknown> {
  const talk = readTalk(messages.map(({ content }) => content ?? '').join('\n'));
  const known = { short: short(talk), long: long(talk), improvement_suggestions: improvement(talk) };
  return objectAfter(schema, (name, property) =>
    name === 'satisfaction' ? satisfaction(talk, property) : known[name as keyof typeof known],
  );
}

function readTalk(text: string): Talk {
  const lines = text.split('\n');
  const said = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  return { human: said(HUMAN), agent: said(AGENT), collected: collectedIn(text) };
}

function collectedIn(text: string): [string, unknown][] {
  try {
    return Object.entries(JSON.parse(COLLECTED.exec(text)?.[1] ?? '{}') as object);
  } catch {
    return []; // not a value that can be read: nothing is invented in its place
  }
}

function short({ human, collected }: Talk): string {
  if (human.length === 0) return 'The person said nothing.';
  if (collected.length === 0) return 'The person spoke, and nothing was collected.';
  return `Collected: ${collected.map(([name]) => nameWords(name)).join(', ')}.`;
}

function long({ human, agent, collected }: Talk): string {
  const values = collected.map(([name, value]) => `- ${nameWords(name)}: ${String(value)}`);
  const turns = `The agent spoke ${times(agent.length)} and the person ${times(human.length)}.`;
  return values.length === 0 ? `${turns} No data was collected.` : `${turns} Data collected:\n${values.join('\n')}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** From what the person said: thanks are a good sign, a refusal is a bad one. */
function satisfaction({ human }: Talk, property: Schema): unknown {
  const scale = Array.isArray(property['enum']) ? (property['enum'] as unknown[]) : [];
  const remarks = human.map(remarkIn);
  const wanted = remarks.includes('refuses') ? 'low' : human.some((text) => /\bthank(?:s| you)\b/i.test(text)) ? 'high' : 'unknown';
  return scale.includes(wanted) ? wanted : (scale[0] ?? wanted);
}

function improvement({ human, collected }: Talk): string {
  const unheard = human.filter((text) => remarkIn(text) === 'repeat').length;
  if (unheard > 0) return 'Speak more clearly: the person asked for repetition.';
  return collected.length === 0 && human.length > 0 ? 'Find out why nothing could be collected.' : 'None from this call.';
}

function objectAfter(schema: Schema, value: (name: string, property: Schema) => unknown): Record<string, unknown> {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  return Object.fromEntries(properties.map(([name, property]) => [name, value(name, property) ?? emptyValue(property)]));
}

/** The least that is valid for a schema. */
function emptyValue(schema: Schema): unknown {
  if (Array.isArray(schema['enum'])) return (schema['enum'] as unknown[])[0];
  if (schema['const'] !== undefined) return schema['const'];
  const type: unknown = Array.isArray(schema['type'])
    ? ((schema['type'] as unknown[]).find((name) => name === 'null') ?? (schema['type'] as unknown[])[0])
    : schema['type'];
  switch (type) {
    case 'object':
      return objectAfter(schema, () => undefined);
    case 'array':
      return [];
    case 'number':
    case 'integer':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 0;
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return '';
  }
}
