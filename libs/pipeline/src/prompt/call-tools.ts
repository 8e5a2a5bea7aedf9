import { validateClaimValue, type Claim, type ClaimField, type Language } from '@carillon/contracts';
import { personRequestDefinitions, runPersonRequest, type PersonRequests } from './person-requests.js';
import { runSpeechTool, speechToolDefinitions } from './speech-tools.js';
import type { ToolCall, ToolDefinition, ToolExecutor, ToolOutcome } from '../ports.js';

export const UPDATED_CLAIM = 'updated_claim';
export const END_CALL = 'end_call';

interface Rejection {
  field: string;
  value: unknown;
  reason: string;
}

export interface CallToolsOptions {
  fields: readonly ClaimField[];
  claim: Claim;
  region?: string | undefined;
  /** Without it nobody can opt out or ask for another call. */
  requests?: PersonRequests | undefined;
  /** What may be spoken. Without it language and speed stay as they are. */
  speech?: Language | undefined;
}

/**
 * The tools of one call: `updated_claim` stores what the person told, each value checked by itself and refused with a reason that the model
 * reads; `end_call` ends the call; `opt_out` and `schedule_callback` are what the person may ask for beyond it, `speech_lang` and
 * `speech_speed` how they want to be spoken with. A repeated call id gives the outcome it gave before.
 */
export function createCallTools(options: CallToolsOptions): ToolExecutor {
  const { fields, region, requests, speech } = options;
  const outcomes = new Map<string, ToolOutcome>();
  let { claim } = options;

  const updateClaim = (args: Record<string, unknown>): ToolOutcome => {
    if (!Array.isArray(args['updates'])) return problem('"updates" must be a list of { "field": …, "value": … }.');
    const updated: Claim = {};
    const rejected: Rejection[] = [];
    for (const update of args['updates'] as unknown[]) {
      const { field, value } = isRecord(update) ? update : {};
      const known = fields.find(({ name }) => name === field);
      const result =
        known === undefined ? { ok: false as const, reason: unknownField(fields) } : validateClaimValue(known, value, { region });
      if (known !== undefined && result.ok) updated[known.name] = result.value;
      else if (!result.ok) rejected.push({ field: String(field), value, reason: result.reason });
    }
    claim = { ...claim, ...updated };
    const missing = fields.filter(({ name }) => !Object.hasOwn(claim, name)).map(({ name }) => name);
    const changed = Object.keys(updated).length > 0;
    return { content: JSON.stringify({ updated, rejected, missing }), claim: changed ? claim : undefined };
  };

  const runNew = async (call: ToolCall): Promise<ToolOutcome> => {
    const args = parseArguments(call.arguments);
    if (args === null) return problem('The arguments must be a JSON object.');
    if (call.name === END_CALL) return endCall(args);
    if (call.name === UPDATED_CLAIM && fields.length > 0) return updateClaim(args);
    const spoken = speech ? runSpeechTool(speech, call.name, args) : null;
    if (spoken !== null) return spoken;
    const requested = requests ? await runPersonRequest(requests, call.name, args) : null;
    return requested ?? problem(`There is no tool named ${call.name}.`);
  };

  return {
    definitions: [
      ...(fields.length > 0 ? [updatedClaimDefinition(fields)] : []),
      endCallDefinition,
      ...(requests ? personRequestDefinitions : []),
      ...(speech ? speechToolDefinitions(speech) : []),
    ],
    run: async (call) => {
      const outcome = outcomes.get(call.id) ?? (await runNew(call));
      outcomes.set(call.id, outcome);
      return outcome;
    },
  };
}

function endCall(args: Record<string, unknown>): ToolOutcome {
  const reason = typeof args['reason'] === 'string' ? args['reason'] : '';
  return { content: JSON.stringify({ ending: true }), endCall: { reason } };
}

const problem = (error: string): ToolOutcome => ({ content: JSON.stringify({ error }) });

const unknownField = (fields: readonly ClaimField[]): string =>
  `There is no such field. Use one of: ${fields.map(({ name }) => name).join(', ')}.`;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Models leave the arguments empty where none are needed. */
function parseArguments(text: string): Record<string, unknown> | null {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null; // told to the model, which wrote it
  }
}

const endCallDefinition: ToolDefinition = {
  name: END_CALL,
  description: 'Ends the call after what you say in this turn. Say goodbye in the same turn.',
  parameters: {
    type: 'object',
    properties: { reason: { type: 'string', description: 'Why the call ends, in a few words.' } },
    required: ['reason'],
    additionalProperties: false,
  },
};

function updatedClaimDefinition(fields: readonly ClaimField[]): ToolDefinition {
  const update = {
    type: 'object',
    properties: {
      field: { type: 'string', enum: fields.map(({ name }) => name) },
      value: {
        type: ['string', 'number', 'boolean'],
        description: 'Datetimes in ISO 8601, phone numbers with country code, enum fields as one of their values.',
      },
    },
    required: ['field', 'value'],
    additionalProperties: false,
  };
  return {
    name: UPDATED_CLAIM,
    description: 'Stores what the person has told. Values that cannot be used are refused with a reason; the others are stored.',
    parameters: {
      type: 'object',
      properties: { updates: { type: 'array', items: update, minItems: 1 } },
      required: ['updates'],
      additionalProperties: false,
    },
  };
}
