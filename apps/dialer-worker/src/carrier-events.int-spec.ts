import { DEFAULT_CAMPAIGN_SETTINGS } from '@carillon/contracts';
import { giveUpLine } from '@carillon/store';
import { BUSY, BY_US, HUNG_UP, LOST, TRANSFERRED } from './testing/carrier-results.js';
import type { DialerStage } from './testing/dialer-stage.js';
import { stageEachTest } from './testing/stage-each-test.js';

const phones = (count: number) => Array.from({ length: count }, (_, i) => `+1415555010${i}`);

let stage: DialerStage;
stageEachTest((opened) => {
  stage = opened;
});

/** The only call there is; throws when there are more or none. */
async function onlyCall() {
  const [call, ...others] = await stage.calls();
  if (!call || others.length > 0) throw new Error(`there are ${others.length + (call ? 1 : 0)} calls`);
  return call;
}

describe('a transfer', () => {
  const talking = async () => {
    const campaignId = await stage.campaign(phones(1), { settings: { retry: { ...DEFAULT_CAMPAIGN_SETTINGS.retry, max_attempts: 5 } } });
    await stage.turn();
    const { id } = await onlyCall();
    await stage.tell(id, { type: 'answered' });
    return { campaignId, id };
  };

  it('that the carrier made is a conversation, though ours had failed: nobody is called again for it', async () => {
    const { campaignId, id } = await talking();
    await stage.tell(id, { type: 'transferred' });
    await stage.mediaCloses(id, { exchanges: 1, agentClosed: false, disposition: 'network_failure' });
    await stage.tell(id, { type: 'ended', result: TRANSFERRED });
    expect(await onlyCall()).toMatchObject({ state: 'ended', disposition: 'transferred', endedBy: 'transferred' });
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'final', disposition: 'transferred' }]);
    expect(stage.carrier.hungUp).toEqual([]);
  });

  it('that did not come about is told to the media worker, each time the carrier says so, and the call goes on', async () => {
    const { id } = await talking();
    const told: string[] = [];
    let second: () => void = () => undefined;
    const toldTwice = new Promise<void>((resolve) => (second = resolve));
    await stage.coordination.calls.onTransferFailed(({ callId }) => {
      told.push(callId);
      if (told.length === 2) second();
    });
    await stage.tell(id, { type: 'transfer_failed', id: 'a', result: BUSY });
    await stage.tell(id, { type: 'transfer_failed', id: 'a', result: BUSY }); // the same delivery once more
    await stage.tell(id, { type: 'transfer_failed', id: 'b', result: BUSY });
    await toldTwice;
    expect(told).toEqual([id, id]);
    expect(await onlyCall()).toMatchObject({ state: 'answered', disposition: null });
  });

  it.each([
    ['says only that a line was lost', { code: 410, subCode: 301005, message: 'media path lost' }],
    ['is overtaken by the end of our leg', null],
  ])('is one whose word of it %s', async (_how, result) => {
    const { campaignId, id } = await talking();
    await stage.mediaCloses(id, { exchanges: 1, agentClosed: false, disposition: 'network_failure' });
    if (result === null) await stage.post(id, { type: 'ended', result: BY_US });
    await stage.post(id, { type: 'transferred' });
    if (result !== null) await stage.post(id, { type: 'ended', result });
    await stage.conveyor.run(stage.dialer.handlers);
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'final', disposition: 'transferred', attempts: 1 }]);
  });

  it('told only when the call was wrapped up as a failure is one all the same: the retry is taken back', async () => {
    const { campaignId, id } = await talking();
    await stage.mediaCloses(id, { exchanges: 1, agentClosed: false, disposition: 'network_failure' });
    await stage.tell(id, { type: 'ended', result: { code: 410, subCode: 301005, message: 'media path lost' } });
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'waiting', class: 1, disposition: 'network_failure' }]);
    await stage.tell(id, { type: 'transferred' });
    await stage.tell(id, { type: 'transferred' });
    expect(await onlyCall()).toMatchObject({ disposition: 'transferred', endedBy: 'transferred' });
    expect(await stage.contacts(campaignId)).toMatchObject([
      { state: 'final', disposition: 'transferred', finalAt: stage.now, attempts: 1 },
    ]);
    stage.advance(3_600_000);
    await stage.turn();
    expect(stage.carrier.ringsOf('+14155550100')).toBe(1);
    await stage.reap();
    expect(await stage.store.prisma.campaign.findMany()).toMatchObject([{ status: 'completed' }]);
  });

  it('told so late that the person is in the next call, or is promised one, takes neither back', async () => {
    const { campaignId, id } = await talking();
    await stage.mediaCloses(id, { exchanges: 1, agentClosed: false, disposition: 'network_failure' });
    await stage.tell(id, { type: 'ended', result: { code: 410, subCode: 301005, message: 'media path lost' } });
    const contact = (data: { class?: number; state?: 'reserved' }) =>
      stage.store.prisma.contact.updateMany({ where: { campaignId }, data });
    await contact({ class: 0 });
    await stage.tell(id, { type: 'transferred' });
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'waiting', class: 0, disposition: 'transferred', finalAt: null }]);
    stage.advance(3_600_000);
    await stage.turn();
    await stage.store.prisma.call.update({ where: { id }, data: { disposition: 'network_failure' } });
    await stage.tell(id, { type: 'transferred' });
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'in_flight', finalAt: null }]);
    expect(await stage.store.prisma.call.findUnique({ where: { id } })).toMatchObject({ disposition: 'transferred' });
  });

  it('whose end the carrier never tells is one in our books, and the person is called no more', async () => {
    const { campaignId, id } = await talking();
    await stage.tell(id, { type: 'transferred' });
    await stage.mediaCloses(id, { exchanges: 1, agentClosed: false, disposition: 'network_failure' });
    // its line was lost; it lasts too long; nobody has told of its end
    for (const ms of [31_000, 60_000, 60_000]) {
      stage.advance(ms);
      await stage.reap();
    }
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'final', disposition: 'transferred' }]);
    expect(await stage.metric('carillon_calls_dropped_total')).toBe(0);
  });

  it('during which the person hung up is what the conversation had come to', async () => {
    const { id } = await talking();
    await stage.mediaCloses(id, { exchanges: 1, agentClosed: false, disposition: 'network_failure' });
    await stage.tell(id, { type: 'ended', result: HUNG_UP });
    expect(await onlyCall()).toMatchObject({ disposition: 'network_failure' });
  });
});

describe('a line that was lost in mid-conversation, and that its media worker gave up', () => {
  it.each([
    ['has cut the person off, who is called again', BY_US, 'network_failure', 'waiting'],
    ['after the person had hung up has cut off nobody', HUNG_UP, 'callee_hung_up', 'final'],
  ])('%s', async (_what, result, disposition, state) => {
    const campaignId = await stage.campaign(phones(1), { settings: { retry: { ...DEFAULT_CAMPAIGN_SETTINGS.retry, max_attempts: 5 } } });
    await stage.turn();
    const { id, tenantId } = await onlyCall();
    await stage.tell(id, { type: 'answered' });
    await stage.mediaCloses(id, { exchanges: 2, agentClosed: false, endsCall: false });
    expect(await giveUpLine(stage.store, { tenantId, callId: id, epoch: 1 })).toBe('lost');
    await stage.tell(id, { type: 'ended', result });
    expect(await onlyCall()).toMatchObject({ disposition, endedBy: 'line_lost' });
    expect(await stage.contacts(campaignId)).toMatchObject([{ state }]);
  });
});

describe('what the carrier tells', () => {
  it('twice counts once', async () => {
    await stage.campaign(phones(1));
    await stage.turn();
    const { id } = await onlyCall();
    for (let times = 0; times < 3; times++) await stage.tell(id, { type: 'answered', id: 'a' });
    await stage.tell(id, { type: 'answered', id: 'b' });
    for (let times = 0; times < 3; times++) await stage.tell(id, { type: 'ended', id: 'c', result: HUNG_UP });
    await stage.tell(id, { type: 'ended', id: 'd', result: HUNG_UP });
    expect(stage.events.map((event) => event.type).filter((type) => type !== 'campaign.status')).toEqual([
      'call.dialing',
      'call.ringing',
      'call.answered',
      'call.ended',
    ]);
    expect(await stage.metric('carillon_calls_total')).toBe(1);
    expect(stage.carrier.hungUp).toEqual([]);
  });

  it('in the wrong order comes out the same: the end before the answer', async () => {
    await stage.campaign(phones(1));
    await stage.turn();
    const { id } = await onlyCall();
    await stage.mediaCloses(id, { exchanges: 2, agentClosed: false });
    await stage.post(id, { type: 'ended', result: HUNG_UP });
    await stage.post(id, { type: 'answered', at: new Date(stage.now.getTime() - 1) });
    await stage.conveyor.run(stage.dialer.handlers);
    expect(await onlyCall()).toMatchObject({ state: 'ended', disposition: 'callee_hung_up' });
    expect(stage.carrier.hungUp).toEqual([]);
    expect(await stage.metric('carillon_late_calls_total')).toBe(0);
  });

  it('of an answer to a call that we had given up makes us hang up, and is counted', async () => {
    await stage.campaign(phones(1));
    stage.carrier.answerNext(
      (request) => {
        stage.carrier.ring(request);
        return LOST;
      },
      ...Array.from({ length: 20 }, () => () => LOST),
    );
    await stage.turn();
    stage.advance(240_001);
    await stage.reap();
    const { id } = await onlyCall();
    expect(await onlyCall()).toMatchObject({ disposition: 'no_evidence' });
    await stage.tell(id, { type: 'answered' });
    expect(stage.carrier.hungUp).toEqual([stage.carrier.connectionOf(id)]);
    expect(await stage.metric('carillon_late_calls_total')).toBe(1);
    expect(await onlyCall()).toMatchObject({ state: 'ended', disposition: 'no_evidence' });
  });

  it('of a second connection makes us hang that one up, and is counted', async () => {
    await stage.campaign(phones(1));
    await stage.turn();
    const { id } = await onlyCall();
    await stage.tell(id, { type: 'answered', connectionId: 'second' });
    expect(stage.carrier.hungUp).toEqual(['second']);
    expect(await stage.metric('carillon_double_dials_total')).toBe(1);
    expect(await onlyCall()).toMatchObject({ state: 'ringing' });
  });
});

describe('the wrap-up', () => {
  it('waits for the last turn of the media worker, but not for ever', async () => {
    const campaignId = await stage.campaign(phones(1));
    await stage.turn();
    const { id } = await onlyCall();
    await stage.store.prisma.call.update({ where: { id }, data: { mediaEpoch: 1 } });
    await stage.tell(id, { type: 'answered' });
    await stage.tell(id, { type: 'ended', result: HUNG_UP });
    expect(await onlyCall()).toMatchObject({ state: 'ended', wrappedAt: null });
    stage.advance(15_001);
    await stage.reap();
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'final', disposition: 'no_conversation' }]);
  });

  it('has the conversation summed up once, where someone spoke', async () => {
    await stage.campaign(phones(2));
    await stage.turn();
    const [spoke = '', silent = ''] = (await stage.calls()).map(({ id }) => id);
    for (const id of [spoke, silent]) await stage.tell(id, { type: 'answered' });
    await stage.mediaCloses(spoke, { exchanges: 2, agentClosed: true });
    await stage.mediaCloses(silent, { exchanges: 0, agentClosed: true });
    for (const id of [spoke, silent]) await stage.tell(id, { type: 'ended', result: BY_US });
    await stage.conveyor.enqueue('wrap-up', { tenantId: 'default', callId: spoke });
    await stage.conveyor.enqueue('synthesise', { tenantId: 'default', callId: spoke });
    await stage.conveyor.run(stage.dialer.handlers);
    expect(stage.asked).toHaveLength(1);
    const conversations = await stage.store.prisma.conversation.findMany({ where: { synthesis: { not: 'DbNull' as never } } });
    expect(conversations).toMatchObject([{ synthesis: { short: 'Fine.', satisfaction: 'high' } }]);
  });
});
