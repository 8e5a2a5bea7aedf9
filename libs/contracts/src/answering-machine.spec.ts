import { answeringMachineRulesSchema, DEFAULT_ANSWERING_MACHINE_RULES } from './answering-machine.js';

it('a campaign that says nothing hangs up on machines and calls again', () => {
  expect(DEFAULT_ANSWERING_MACHINE_RULES).toEqual({ on_machine: 'hang_up', message: null, call_again: true });
});

it('a message to leave is kept as it is, without space around it', () => {
  expect(answeringMachineRulesSchema.parse({ on_machine: 'leave_message', message: ' Please call us back. ', call_again: false })).toEqual({
    on_machine: 'leave_message',
    message: 'Please call us back.',
    call_again: false,
  });
});

it.each([
  ['leave_message without a message', { on_machine: 'leave_message' }],
  ['a message that nobody would leave', { on_machine: 'hang_up', message: 'hello' }],
  ['an empty message', { on_machine: 'leave_message', message: '  ' }],
  ['an unknown action', { on_machine: 'sing' }],
])('%s is refused', (_, rules) => {
  expect(answeringMachineRulesSchema.safeParse(rules).success).toBe(false);
});
