import { BUSY, BY_US, DECLINED, HUNG_UP, MISCONFIGURED, THROTTLED, UNUSABLE } from './testing/carrier-results.js';
import type { DialerStage } from './testing/dialer-stage.js';
import { INITIATE } from './testing/initiate.js';
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

describe('a campaign', () => {
  it('goes through to its end, each contact with the disposition that its call had', async () => {
    const campaignId = await stage.campaign(phones(5));
    await stage.turn();
    const [talker = '', quitter = '', voicemail = '', busy = '', decliner = ''] = (await stage.calls()).map(({ id }) => id);
    for (const id of [talker, quitter, voicemail]) await stage.tell(id, { type: 'answered' });
    stage.advance(20_000);
    await stage.mediaCloses(talker, { exchanges: 4, agentClosed: true });
    await stage.mediaCloses(quitter, { exchanges: 1, agentClosed: false });
    await stage.mediaCloses(voicemail, { exchanges: 0, agentClosed: false });
    await stage.tell(talker, { type: 'ended', result: BY_US });
    for (const id of [quitter, voicemail]) await stage.tell(id, { type: 'ended', result: HUNG_UP });
    await stage.tell(busy, { type: 'failed', result: BUSY });
    await stage.tell(decliner, { type: 'failed', result: DECLINED });

    const contacts = await stage.contacts(campaignId);
    expect(contacts.map(({ state, disposition, attempts }) => [state, disposition, attempts])).toEqual([
      ['final', 'completed', 1],
      ['final', 'callee_hung_up', 1],
      ['final', 'no_conversation', 1],
      ['final', 'busy', 1],
      ['final', 'declined', 1],
    ]);
    expect(await stage.store.prisma.campaign.findUnique({ where: { id: campaignId } })).toMatchObject({ status: 'completed' });
    expect(await stage.store.prisma.inFlight.count()).toBe(0);
    expect((await stage.coordination.fleet.countSlots()).held).toBe(0);
    expect(phones(5).map((phone) => stage.carrier.ringsOf(phone))).toEqual([1, 1, 1, 1, 1]);
    expect(await stage.metric('carillon_calls_total')).toBe(5);
  });

  it('tells the screens what happens, call by call', async () => {
    const campaignId = await stage.campaign(phones(1));
    await stage.turn();
    const { id } = await onlyCall();
    await stage.tell(id, { type: 'answered' });
    await stage.tell(id, { type: 'ended', result: HUNG_UP });
    const seen = stage.events.map((event) => event.type);
    expect(seen).toEqual(['call.dialing', 'call.ringing', 'call.answered', 'call.ended', 'campaign.status']);
    expect(stage.events[0]).toMatchObject({ campaignId, phoneE164: '+14155550100', at: stage.now.toISOString() });
    expect(stage.events[3]).toMatchObject({ disposition: 'no_conversation' });
    expect(stage.events[4]).toMatchObject({ campaignId, status: 'completed' });
  });

  it('lays what the media worker needs ready before the phone rings', async () => {
    const campaignId = await stage.campaign(phones(1));
    stage.carrier.answerNext(async (request) => {
      const context = await stage.coordination.calls.getContext({ tenantId: 'default', callId: request.callId });
      expect(context).toMatchObject({
        campaignId,
        phoneE164: '+14155550100',
        initiate: INITIATE,
        variables: { name: 'Jane' },
        maxCallMs: 60_000,
      });
      return { kind: 'placed', connectionId: stage.carrier.ring(request) };
    });
    await stage.turn();
    const { id } = await onlyCall();
    expect(stage.carrier.requests).toMatchObject([{ callId: id, toE164: '+14155550100', fromE164: '+14155550111', timeoutMs: 15_000 }]);
    expect(stage.carrier.requests[0]?.callbackUrl).toMatch(new RegExp(`^http://api.test/carrier/acs/default/${id}/[\\w-]{32}$`));
    expect(stage.carrier.requests[0]?.mediaUrl).toMatch(new RegExp(`^ws://media.test/m/${id}\\?token=`));
  });

  it('never has more calls open than it may, nor than there are slots', async () => {
    await stage.campaign(phones(8), { maxConcurrent: 3 });
    await stage.turn();
    await stage.turn();
    expect(stage.carrier.requests).toHaveLength(3);
    await stage.giveSlots(5);
    await stage.campaign(
      phones(8).map((phone) => phone.replace('+1415', '+1416')),
      { maxConcurrent: 8 },
    );
    await stage.turn();
    await stage.turn();
    expect(stage.carrier.requests).toHaveLength(5);
  });

  it('dials nobody while no media worker is there', async () => {
    await stage.campaign(phones(2));
    await stage.coordination.fleet.withdraw('media');
    await stage.turn();
    expect(await stage.calls()).toEqual([]);
  });

  it('under a policy that nobody knows dials nobody and charges nothing', async () => {
    const campaignId = await stage.campaign(phones(1), { policy: 'unheard-of' });
    await stage.turn();
    expect(stage.carrier.requests).toEqual([]);
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'waiting', attempts: 0 }]);
  });
});

describe('two at once', () => {
  it('ticks never claim one contact twice', async () => {
    await stage.campaign(phones(9), { maxConcurrent: 100 });
    await Promise.all([stage.dialer.tick(), stage.dialer.tick(), stage.dialer.tick()]);
    await stage.conveyor.run(stage.dialer.handlers);
    expect(stage.carrier.requests.map(({ toE164 }) => toE164).sort()).toEqual(phones(9));
  });

  it('campaigns have a person of both in one call at a time, one after the other', async () => {
    const campaigns = [await stage.campaign(phones(1)), await stage.campaign(phones(1))];
    await stage.turn();
    stage.advance(31_000);
    await stage.turn();
    const first = await onlyCall();
    expect(stage.carrier.ringsOf('+14155550100')).toBe(1);

    await stage.tell(first.id, { type: 'failed', result: BUSY });
    stage.advance(31_000);
    await stage.turn();
    expect(stage.carrier.ringsOf('+14155550100')).toBe(2);
    const called = (await stage.calls()).map(({ campaignId }) => campaignId);
    expect(called.sort()).toEqual(campaigns.sort());
  });

  it('dial jobs of one call dial once', async () => {
    await stage.campaign(phones(1));
    await stage.dialer.tick();
    const [job] = stage.conveyor.jobs;
    if (job) stage.conveyor.jobs.push(job, job);
    await stage.conveyor.run(stage.dialer.handlers);
    expect(stage.carrier.requests).toHaveLength(1);
  });
});

describe('a call that the carrier refuses', () => {
  it('for now (429) is released: nothing is charged, the person is free, and we keep still as long as we are asked to', async () => {
    const campaignId = await stage.campaign(phones(1));
    stage.carrier.answerNext(() => THROTTLED);
    await stage.turn();
    expect(await onlyCall()).toMatchObject({ state: 'released' });
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'waiting', attempts: 0 }]);
    expect(await stage.store.prisma.inFlight.count()).toBe(0);
    expect((await stage.coordination.fleet.countSlots()).held).toBe(0);

    stage.advance(6_999);
    await stage.turn();
    expect(stage.carrier.requests).toHaveLength(1);
    stage.advance(1);
    await stage.turn();
    expect(stage.carrier.requests).toHaveLength(2);
    expect((await stage.calls()).map(({ state, attemptNo }) => [state, attemptNo])).toEqual([
      ['released', 1],
      ['ringing', 2],
    ]);
  });

  it('for our configuration pauses the campaign, and its contacts wait', async () => {
    const campaignId = await stage.campaign(phones(1));
    stage.carrier.answerNext(() => MISCONFIGURED);
    await stage.turn();
    expect(await stage.store.prisma.campaign.findUnique({ where: { id: campaignId } })).toMatchObject({ status: 'paused' });
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'waiting', attempts: 0 }]);
    stage.advance(60_000);
    await stage.turn();
    expect(stage.carrier.requests).toHaveLength(1);
  });

  it('for what was asked is over for its contact too', async () => {
    const campaignId = await stage.campaign(phones(1));
    stage.carrier.answerNext(() => UNUSABLE);
    await stage.turn();
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'final', disposition: 'configuration_error' }]);
    expect(await onlyCall()).toMatchObject({ resultCode: 400, resultMessage: '8523', disposition: 'configuration_error' });
  });
});

describe('a call from the API', () => {
  it('is dialed at once and ends like any other', async () => {
    const callId = await stage.restCall('+14155550177');
    await stage.turn();
    expect(await onlyCall()).toMatchObject({ id: callId, state: 'ringing', campaignId: null });
    await stage.tell(callId, { type: 'failed', result: BUSY });
    expect(await onlyCall()).toMatchObject({ state: 'ended', disposition: 'busy' });
    expect(await stage.store.prisma.inFlight.count()).toBe(0);
  });

  it('waits for a slot as long as it may, and is dialed when there is one', async () => {
    await stage.coordination.fleet.withdraw('media');
    await stage.restCall('+14155550177');
    await stage.turn();
    expect(await onlyCall()).toMatchObject({ state: 'reserved' });
    stage.advance(6_000);
    await stage.giveSlots(1);
    await stage.reap();
    expect(await onlyCall()).toMatchObject({ state: 'ringing' });
  });

  it('is cancelled when no slot came in time', async () => {
    await stage.coordination.fleet.withdraw('media');
    await stage.restCall('+14155550177');
    await stage.turn();
    stage.advance(30_001);
    await stage.reap();
    expect(await onlyCall()).toMatchObject({ state: 'released', disposition: 'cancelled' });
    expect(stage.carrier.requests).toEqual([]);
    expect(await stage.store.prisma.inFlight.count()).toBe(0);
  });
});
