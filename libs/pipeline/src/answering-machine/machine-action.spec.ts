import { machineAction } from './machine-action.js';
import { agent, beep, hinted, inOrder, tell, voice } from './testing/told-call.js';
import { createAnswerState } from './answering-machine-detector.js';

const LEAVE = { on_machine: 'leave_message', message: 'please call us back' } as const;
const MESSAGE = { do: 'leave_message', message: 'please call us back' };

/** A mailbox that gives itself away at 3,500 and stops at 5,000. We stop speaking when we know. */
const MAILBOX = [agent(60, 3_600), voice(300, 5_000), hinted('leave a message after the tone', 3_500)];
const at = (untilMs: number, ...more: Parameters<typeof inOrder>) =>
  tell(
    inOrder(...MAILBOX, ...more).filter((fact) => fact.at <= untilMs),
    untilMs,
  ).at(-1) ?? createAnswerState();

describe('where a machine has picked up', () => {
  it.each(['hang_up', 'retry_later'] as const)('the call is hung up at once (%s)', (on_machine) => {
    expect(machineAction(at(3_500), { on_machine, message: null })).toEqual({ do: 'hang_up', because: 'machine' });
  });

  it('the call goes on where the campaign does not mind', () => {
    expect(machineAction(at(9_000), { on_machine: 'ignore', message: null })).toEqual({ do: 'go_on' });
  });

  it('the message waits for the greeting to end', () => {
    expect(machineAction(at(4_500), LEAVE)).toEqual({ do: 'keep_silent', until: 33_500 });
    expect(machineAction(at(5_100), LEAVE)).toEqual({ do: 'keep_silent', until: 7_000 });
  });

  it('the message begins as soon as the beep is known', () => {
    expect(machineAction(at(6_039, beep(5_600, 5_900)), LEAVE)).toMatchObject({ do: 'keep_silent' });
    expect(machineAction(at(6_040, beep(5_600, 5_900)), LEAVE)).toEqual({ ...MESSAGE, after: 'beep' });
  });

  it('the message begins after two seconds of silence where no beep comes', () => {
    expect(machineAction(at(7_000), LEAVE)).toEqual({ ...MESSAGE, after: 'silence' });
  });

  it('a beep that came after all begins the message anew', () => {
    expect(machineAction(at(8_000), LEAVE, 7_050)).toEqual({ do: 'keep_speaking' });
    expect(machineAction(at(8_540, beep(8_000, 8_400)), LEAVE, 7_050)).toEqual({ ...MESSAGE, after: 'beep' });
  });

  it('a beep in the middle of the greeting is not the one', () => {
    expect(machineAction(at(6_500, beep(4_000, 4_200), voice(5_500, 6_600)), LEAVE)).toMatchObject({ do: 'keep_silent' });
  });

  it('a machine that never stops is hung up on after half a minute', () => {
    const endless = inOrder(agent(60, 3_600), { kind: 'voice', at: 300, speaking: true }, hinted('after the tone', 3_500));
    const state = tell(endless, 33_500).at(-1) ?? createAnswerState();
    expect(machineAction(state, LEAVE)).toEqual({ do: 'hang_up', because: 'no_turn' });
  });
});
