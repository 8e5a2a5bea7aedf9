import { answeringMachineRulesSchema, DEFAULT_ANSWERING_MACHINE_RULES } from './answering-machine.js';

it('a campaign that says nothing hangs up on machines and calls again', () => {
  expect(DEFAULT_ANSWERING_MACHINE_RULES).toEqual({ on_machine: 'retry_later', message: null });
});

it('a message to leave is kept as it is, without space around it', () => {
  expect(answeringMachineRulesSchema.parse({ on_machine: 'leave_message', message: ' Please call us back. ' })).toEqual({
    on_machine: 'leave_message',
    message: 'Please call us back.',
  });
});

it.each([
  ['leave_message without a message', { on_machine: 'leave_message' }, 'is needed with "leave_message": say what to leave'],
  ['a message that nobody would leave', { on_machine: 'hang_up', message: 'hello' }, 'is only said with "on_machine": "leave_message"'],
  ['an empty message', { on_machine: 'leave_message', message: '  ' }, 'say what to leave, or use null'],
  ['an unknown action', { on_machine: 'sing' }, 'use hang_up, leave_message, retry_later, ignore'],
])('%s is refused', (_, rules, complaint) => {
  expect(answeringMachineRulesSchema.safeParse(rules).error?.issues[0]?.message).toBe(complaint);
});
