import type { ToolDefinition, ToolOutcome } from '../ports.js';

export const OPT_OUT = 'opt_out';
export const SCHEDULE_CALLBACK = 'schedule_callback';

/** What a person may ask for that outlives the call. Both may be asked for twice. */
export interface PersonRequests {
  /** From now on nobody calls this person again. */
  optOut(reason: string): Promise<void>;
  /** `localTime` is the wall clock where the person is, "2026-03-02T15:00"; answers the instant that it means there, or why it cannot be. */
  callBack(localTime: string): Promise<{ at: string } | { problem: string }>;
}

export const personRequestDefinitions: ToolDefinition[] = [
  {
    name: OPT_OUT,
    description:
      'Call this at once when the person says, in whatever words, that they do not want to be called again. Confirm it in one sentence and end the call.',
    parameters: {
      type: 'object',
      properties: { reason: { type: 'string', description: 'What the person said, in a few words.' } },
      required: ['reason'],
      additionalProperties: false,
    },
  },
  {
    name: SCHEDULE_CALLBACK,
    description: 'Call this when the person asks to be called again at another time. Repeat day and time to them first.',
    parameters: {
      type: 'object',
      properties: {
        local_time: { type: 'string', description: "Day and time by the person's own clock, as 2026-03-02T15:00, without a zone." },
      },
      required: ['local_time'],
      additionalProperties: false,
    },
  },
];

const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/;

/** Null when the tool is none of these. */
export async function runPersonRequest(requests: PersonRequests, name: string, args: Record<string, unknown>): Promise<ToolOutcome | null> {
  const say = (content: object): ToolOutcome => ({ content: JSON.stringify(content) });
  if (name === OPT_OUT) {
    await requests.optOut(typeof args['reason'] === 'string' ? args['reason'] : '');
    return say({ done: true, note: 'Nobody will call this person again.' });
  }
  if (name !== SCHEDULE_CALLBACK) return null;
  const localTime = args['local_time'];
  if (typeof localTime !== 'string' || !LOCAL_TIME.test(localTime)) return say({ error: '"local_time" must look like 2026-03-02T15:00.' });
  const answer = await requests.callBack(localTime);
  return 'at' in answer ? say({ done: true, at: answer.at }) : say({ error: answer.problem });
}
