import { cancelReply } from './cancel.js';
import { closeWith, hangUp } from './lines.js';
import type { Step } from './step.js';

/** What whoever recognises answering machines wants done about one. A second order to speak says the message again from its beginning. */
export type MachineOrder = { do: 'hang_up' } | { do: 'keep_silent' } | { do: 'leave_message'; message: string };

/** An answering machine has taken the call: nothing it says is a turn, and nothing it says stops the message. */
export function onMachine(step: Step, order: MachineOrder): void {
  const { phase } = step.state;
  if (phase.name === 'closing' && phase.reason !== 'machine') return;
  step.set({ machine: 'answered' });
  if (order.do === 'leave_message') return closeWith(step, 'machine', 'message', order.message);
  cancelReply(step);
  if (order.do === 'hang_up') return hangUp(step, 'machine');
  step.set({ phase: { name: 'voicemail', since: step.at } });
}
