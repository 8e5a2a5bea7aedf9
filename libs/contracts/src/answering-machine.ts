import { z } from 'zod';

export const ON_MACHINE = ['hang_up', 'leave_message', 'ignore'] as const;

/** What a campaign does where a machine picks up. Whoever is not surely one is treated as a person. */
export interface AnsweringMachineRules {
  /** `ignore`: the agent speaks with whatever answers. */
  on_machine: (typeof ON_MACHINE)[number];
  /** Said after the beep, in the contact's language; for `leave_message` only. */
  message: string | null;
  /** Call the person again later, by the campaign's retry rule for calls without a conversation; also after a message was left. */
  call_again: boolean;
}

/** About a minute of speech: what most machines record. */
const MAX_MESSAGE_CHARACTERS = 1_000;

export const answeringMachineRulesSchema = z
  .object({
    on_machine: z.enum(ON_MACHINE, `use ${ON_MACHINE.join(', ')}`).default('hang_up'),
    message: z.string().trim().min(1, 'say what to leave, or use null').max(MAX_MESSAGE_CHARACTERS).nullable().default(null),
    call_again: z.boolean().default(true),
  })
  .refine(({ on_machine, message }) => (on_machine === 'leave_message') === (message !== null), {
    path: ['message'],
    message: 'is needed with "leave_message", and only there',
  }) satisfies z.ZodType<AnsweringMachineRules>;
export const DEFAULT_ANSWERING_MACHINE_RULES: AnsweringMachineRules = answeringMachineRulesSchema.parse({});
