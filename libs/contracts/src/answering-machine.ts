import { z } from 'zod';

export const ON_MACHINE = ['hang_up', 'leave_message', 'retry_later', 'ignore'] as const;

/** What is done where a machine picks up. Whoever is not surely one is treated as a person. */
export interface AnsweringMachineRules {
  /**
   * `leave_message`: the message is said after the beep. `retry_later`: hung up on, and the person is called again by the campaign's retry rule for
   * `voicemail`. `hang_up`: not called again, unless the campaign has a rule of its own for `voicemail`. `ignore`: the agent speaks with whatever answers.
   */
  on_machine: (typeof ON_MACHINE)[number];
  /** For `leave_message` only; `{bot}`, `{company}` and the columns of the contact's row, such as `{first_name}`, are filled in. */
  message: string | null;
}

/** About a minute of speech: what most machines record. */
const MAX_MESSAGE_CHARACTERS = 1_000;

export const answeringMachineRulesSchema = z
  .object({
    on_machine: z.enum(ON_MACHINE, `use ${ON_MACHINE.join(', ')}`).default('retry_later'),
    message: z.string().trim().min(1, 'say what to leave, or use null').max(MAX_MESSAGE_CHARACTERS).nullable().default(null),
  })
  .refine(({ on_machine, message }) => on_machine !== 'leave_message' || message !== null, {
    path: ['message'],
    message: 'is needed with "leave_message": say what to leave',
  })
  .refine(({ on_machine, message }) => on_machine === 'leave_message' || message === null, {
    path: ['message'],
    message: 'is only said with "on_machine": "leave_message"',
  }) satisfies z.ZodType<AnsweringMachineRules>;
export const DEFAULT_ANSWERING_MACHINE_RULES: AnsweringMachineRules = answeringMachineRulesSchema.parse({});
