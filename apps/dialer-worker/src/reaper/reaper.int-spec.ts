import type { PlaceResult } from '@carillon/telephony';
import { BUSY, BY_US, CANCELLED, LOST, THROTTLED } from '../testing/carrier-results.js';
import type { DialerStage } from '../testing/dialer-stage.js';
import { stageEachTest } from '../testing/stage-each-test.js';

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

describe('a call that nobody knows about', () => {
  it('is posted again under its own id while the carrier knows it, and adopted: one phone rings once', async () => {
    const campaignId = await stage.campaign(phones(1));
    stage.carrier.answerNext((request) => {
      stage.carrier.ring(request);
      return LOST;
    });
    await stage.turn();
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'reconciling', attempts: 1 }]);
    await stage.turn();
    stage.advance(20_001);
    await stage.reap();
    const [first, repeat, ...more] = stage.carrier.requests;
    expect(more).toEqual([]);
    expect({ ...repeat, traceparent: null }).toEqual({ ...first, traceparent: null }); // the same request to the letter
    expect(stage.carrier.ringsOf('+14155550100')).toBe(1);
    expect(await onlyCall()).toMatchObject({ state: 'ringing' });
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'in_flight', attempts: 1 }]);
  });

  it('is never dialed under another id, and ends as no evidence, charged', async () => {
    const campaignId = await stage.campaign(phones(1));
    stage.carrier.answerNext(...Array.from({ length: 50 }, () => () => LOST));
    await stage.turn();
    for (let elapsedMs = 0; elapsedMs < 300_000; elapsedMs += 5_000) {
      stage.advance(5_000);
      await stage.giveSlots(20);
      await stage.reap();
      await stage.turn();
    }
    expect(new Set(stage.carrier.requests.map(({ repeatabilityId }) => repeatabilityId)).size).toBe(1);
    expect(stage.carrier.requests).toHaveLength(10); // at once, then each 25 s: the first reaper run after 20 s are over
    expect(await onlyCall()).toMatchObject({ state: 'ended', disposition: 'no_evidence' });
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'final', disposition: 'no_evidence', attempts: 1 }]);
  });

  it('is believed to exist when the repeat is refused', async () => {
    await stage.campaign(phones(1));
    stage.carrier.answerNext(
      () => LOST,
      () => THROTTLED,
    );
    await stage.turn();
    stage.advance(20_001);
    await stage.reap();
    expect(await onlyCall()).toMatchObject({ state: 'unknown' });
  });

  it('is adopted by its first event, before any repeat', async () => {
    await stage.campaign(phones(1));
    stage.carrier.answerNext((request) => {
      stage.carrier.ring(request);
      return LOST;
    });
    await stage.turn();
    await stage.tell((await onlyCall()).id, { type: 'answered' });
    expect(await onlyCall()).toMatchObject({ state: 'answered' });
    stage.advance(20_001);
    await stage.reap();
    expect(stage.carrier.requests).toHaveLength(1);
  });

  it('is not repeated while its campaign is paused', async () => {
    const campaignId = await stage.campaign(phones(1));
    stage.carrier.answerNext(() => LOST);
    await stage.turn();
    await stage.store.prisma.campaign.update({ where: { id: campaignId }, data: { status: 'paused' } });
    stage.advance(30_000);
    await stage.reap();
    expect(stage.carrier.requests).toHaveLength(1);
  });
});

describe('a dialer that is killed', () => {
  it('between claim and dial loses nobody: the contact waits again', async () => {
    const campaignId = await stage.campaign(phones(2));
    await stage.dialer.tick();
    stage.conveyor.lose();
    stage.advance(15_001);
    await stage.reap();
    expect(await stage.contacts(campaignId)).toMatchObject([
      { state: 'waiting', attempts: 0 },
      { state: 'waiting', attempts: 0 },
    ]);
    await stage.turn();
    expect(phones(2).map((phone) => stage.carrier.ringsOf(phone))).toEqual([1, 1]);
  });

  it('with the request in its hands rings nobody twice', async () => {
    const campaignId = await stage.campaign(phones(1));
    stage.carrier.answerNext((request) => {
      stage.carrier.ring(request);
      return new Promise<PlaceResult>(() => undefined); // the process never saw the answer
    });
    await stage.dialer.tick();
    void stage.conveyor.run(stage.dialer.handlers);
    await until(() => stage.carrier.requests.length === 1);
    stage.conveyor.lose();
    stage.advance(30_001);
    await stage.dialer.reap();
    await stage.turn();
    expect(stage.carrier.requests).toHaveLength(2);
    expect(stage.carrier.ringsOf('+14155550100')).toBe(1);
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'in_flight', attempts: 1 }]);
  });

  it('between an end and its wrap-up leaves the wrap-up to the reaper', async () => {
    const campaignId = await stage.campaign(phones(1));
    await stage.turn();
    await stage.post((await onlyCall()).id, { type: 'failed', result: BUSY });
    stage.conveyor.lose();
    stage.advance(6_000);
    await stage.reap(); // finds the event
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'final', disposition: 'busy' }]);
  });
});

describe('the reaper', () => {
  it('hangs up a phone that rings too long, which is no answer whatever the carrier calls it', async () => {
    const campaignId = await stage.campaign(phones(1));
    await stage.turn();
    const { id } = await onlyCall();
    stage.advance(30_001);
    await stage.reap();
    expect(stage.carrier.hungUp).toEqual([stage.carrier.connectionOf(id)]);
    await stage.tell(id, { type: 'failed', result: CANCELLED });
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'final', disposition: 'no_answer' }]);
  });

  it('hangs up a person who hears nothing: their media worker stopped, and no other one took the call', async () => {
    const campaignId = await stage.campaign(phones(1));
    await stage.turn();
    const { id } = await onlyCall();
    await stage.tell(id, { type: 'answered' });
    await stage.mediaCloses(id, { exchanges: 1, agentClosed: false });
    stage.advance(29_000);
    await stage.reap();
    expect(stage.carrier.hungUp).toEqual([]);
    stage.advance(2_000);
    await stage.reap();
    await stage.reap();
    expect(new Set(stage.carrier.hungUp)).toEqual(new Set([stage.carrier.connectionOf(id)]));
    expect(await stage.metric('carillon_calls_dropped_total')).toBe(1);
    await stage.tell(id, { type: 'ended', result: BY_US });
    expect(await onlyCall()).toMatchObject({ disposition: 'network_failure', endedBy: 'line_lost' });
    expect(await stage.contacts(campaignId)).toMatchObject([{ attempts: 1 }]);
  });

  it('hangs up for a media worker that ended the call and could not: that is no lost line, and nobody is called again for it', async () => {
    const campaignId = await stage.campaign(phones(1));
    await stage.turn();
    const { id } = await onlyCall();
    await stage.tell(id, { type: 'answered' });
    await stage.mediaCloses(id, { exchanges: 1, agentClosed: false, endsCall: true });
    stage.advance(31_000);
    await stage.reap();
    expect(stage.carrier.hungUp).toEqual([stage.carrier.connectionOf(id)]);
    await stage.tell(id, { type: 'ended', result: BY_US });
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'final', disposition: 'completed' }]);
    expect(await stage.metric('carillon_calls_dropped_total')).toBe(0);
  });

  it('ends a call in our books when the carrier never tells of its end', async () => {
    const campaignId = await stage.campaign(phones(1));
    await stage.turn();
    await stage.tell((await onlyCall()).id, { type: 'answered' });
    await stage.mediaCloses((await onlyCall()).id, { exchanges: 3, agentClosed: false });
    stage.advance(60_000 + 30_000 + 1_000);
    await stage.reap();
    expect(stage.carrier.hungUp).toHaveLength(1);
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'in_flight' }]);
    stage.advance(60_000);
    await stage.reap();
    expect(await stage.contacts(campaignId)).toMatchObject([{ state: 'final', disposition: 'completed' }]);
  });

  it('frees the slots of calls that are over', async () => {
    const over = '00000000-0000-4000-8000-000000000000';
    await stage.coordination.admission.admit({ callId: over, leaseMs: 60_000, maxWaitMs: 0, overdial: 1, scopes: [] });
    await stage.campaign(phones(1));
    await stage.turn();
    expect((await stage.coordination.fleet.countSlots()).held).toBe(2);
    await stage.reap();
    expect((await stage.coordination.fleet.countSlots()).held).toBe(1);
  });
});

/** Waits, turn by turn of the event loop, for something that another task is about to do. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
