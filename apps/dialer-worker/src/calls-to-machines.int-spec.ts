import { DEFAULT_CAMPAIGN_SETTINGS, type AnsweringMachineRules, type Disposition } from '@carillon/contracts';
import { BY_US } from './testing/carrier-results.js';
import type { DialerStage } from './testing/dialer-stage.js';
import { stageEachTest } from './testing/stage-each-test.js';

const PHONE = '+14155550100';
const DAY = 86_400_000;

let stage: DialerStage;
stageEachTest((opened) => {
  stage = opened;
});

/** A campaign of one contact, whose machine answers. */
async function callMachine(answering_machine: AnsweringMachineRules, disposition: Disposition) {
  const campaignId = await stage.campaign([PHONE], { settings: { retry: DEFAULT_CAMPAIGN_SETTINGS.retry, answering_machine } });
  await stage.turn();
  const [call] = await stage.calls();
  if (!call) throw new Error('nobody was called');
  await stage.tell(call.id, { type: 'answered' });
  await stage.mediaCloses(call.id, { exchanges: 0, agentClosed: false, disposition });
  await stage.tell(call.id, { type: 'ended', result: BY_US });
  expect(await stage.calls()).toMatchObject([{ disposition }]);
  const [contact] = await stage.contacts(campaignId);
  return contact;
}

it('What to do about a machine lies ready for the media worker', async () => {
  const answering_machine = { on_machine: 'leave_message', message: 'Please call us back.' } as const;
  await stage.campaign([PHONE], { settings: { answering_machine } });
  await stage.turn();
  const [call] = await stage.calls();
  const context = await stage.coordination.calls.getContext({ tenantId: 'default', callId: call?.id ?? '' });
  expect(context).toMatchObject({ answeringMachine: answering_machine });
});

it('Who is to be called again after a machine is, by the rule for voicemail', async () => {
  const contact = await callMachine({ on_machine: 'retry_later', message: null }, 'voicemail');
  expect(contact).toMatchObject({ state: 'waiting', class: 1 });
  expect((contact?.nextAt.getTime() ?? 0) - stage.now.getTime()).toBeGreaterThanOrEqual(DAY);
});

it('Where machines are hung up on for good, the contact is done', async () => {
  expect(await callMachine({ on_machine: 'hang_up', message: null }, 'voicemail')).toMatchObject({
    state: 'final',
    disposition: 'voicemail',
  });
});

it('Who has our message is done', async () => {
  const rules = { on_machine: 'leave_message', message: 'Please call us back.' } as const;
  expect(await callMachine(rules, 'message_left')).toMatchObject({ state: 'final', disposition: 'message_left' });
});

it('A machine that took no message is called again', async () => {
  const rules = { on_machine: 'leave_message', message: 'Please call us back.' } as const;
  expect(await callMachine(rules, 'voicemail')).toMatchObject({ state: 'waiting', class: 1 });
});
