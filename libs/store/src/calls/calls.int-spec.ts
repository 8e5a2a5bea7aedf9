import type { Initiate } from '@carillon/contracts';
import { exampleCampaign, openTestDatabase, type TestDatabase } from '@carillon/testing';
import { noteEndedBy } from '../ledger/note-ended-by.js';
import { noteTransferred } from '../ledger/note-transferred.sql.js';
import { appendMessages, type NewMessage } from '../media/append-messages.sql.js';
import { createCampaign } from '../campaigns/create-campaign.js';
import { bindMediaEpoch } from '../media/bind-media-epoch.sql.js';
import { closeMedia } from '../media/close-media.js';
import { updateClaim } from '../media/update-claim.sql.js';
import { createCall } from './create-call.js';
import { findCall, findLatestCallOfPhone, listCalls } from './find-call.js';
import { insertCarrierEvent } from './insert-carrier-event.js';
import { loadCallContext } from './load-call-context.js';
import { storeSynthesis } from './store-synthesis.js';

const tenantId = 'default';
const NOW = new Date('2026-03-02T09:00:00Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);

let database: TestDatabase;
beforeAll(async () => (database = await openTestDatabase()));
afterAll(() => database.close());

let person = 0;
const nextPhone = () => `+1415555${String(person++).padStart(4, '0')}`;

const call = (phoneE164: string, tenant = tenantId, now = NOW, initiate: Initiate = exampleCampaign.initiate) =>
  createCall(database.store, {
    ...{
      tenantId: tenant,
      phoneE164,
      initiate,
      ringTimeoutMs: 30_000,
      maxCallMs: 60_000,
      traceparent: '00-ab-cd-01',
    },
    ...{ now, notAfter: new Date(now.getTime() + 30_000) },
  });

const said = (seq: number, content: string, persona: NewMessage['persona'] = 'human'): NewMessage => ({
  ...{ seq, action: 'talk', persona, content, style: 'none', toolCalls: [], createdAt: later(seq * 1_000) },
});

describe('a call asked for by REST', () => {
  it('is reserved, with its conversation and its person', async () => {
    const phone = nextPhone();
    const callId = await call(phone);
    expect(await findCall(database.store, { tenantId, callId })).toEqual({
      ...{ call_id: callId, created_at: '2026-03-02T09:00:00.000Z', in_progress: false, status: 'queued', attempt_no: 1 },
      ...{ initiate: { ...exampleCampaign.initiate, phone_number: phone }, claim: {}, claim_completeness: 0, messages: [] },
      ...{ next: null, reminders: [], synthesis: null, outcome: null, result: null, campaign_id: null },
      ...{ contact_id: null, caller_number: null, decision: expect.any(Object), cost: 0 },
      ...{ answered_at: null, ended_at: null, duration_ms: null },
    });
    const row = await database.store.prisma.call.findUniqueOrThrow({ where: { id: callId } });
    expect(row).toMatchObject({ state: 'reserved', notAfter: later(30_000), leaseUntil: later(30_000), traceparent: '00-ab-cd-01' });
    expect(await database.store.prisma.inFlight.findFirst({ where: { callId } })).toMatchObject({ tenantId, phoneE164: phone });
  });

  it('is refused while the person is in another one, and says which', async () => {
    const phone = nextPhone();
    const callId = await call(phone);
    await expect(call(phone)).rejects.toMatchObject({
      code: 'already_in_call',
      fields: [{ field: 'phone_number', message: expect.stringContaining(callId) }],
    });
    expect(await listCalls(database.store, { tenantId, phoneE164: phone })).toHaveLength(1);
    await expect(call(phone, 'other')).resolves.toEqual(expect.any(String));
  });

  it('that two ask for at once is made once', async () => {
    const phone = nextPhone();
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => call(phone)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await database.store.prisma.conversation.count({ where: { phoneE164: phone } })).toBe(1);
  });

  it('is found by its id and its phone, newest first, by its tenant alone', async () => {
    const phone = nextPhone();
    const first = await call(phone);
    await database.store.prisma.inFlight.deleteMany({ where: { tenantId, phoneE164: phone } });
    const second = await call(phone, tenantId, later(1_000));
    expect((await listCalls(database.store, { tenantId, phoneE164: phone })).map((view) => view.call_id)).toEqual([second, first]);
    expect(await findLatestCallOfPhone(database.store, { tenantId, phoneE164: phone })).toMatchObject({ call_id: second });
    expect(await findCall(database.store, { tenantId: 'other', callId: first })).toBeNull();
    expect(await findLatestCallOfPhone(database.store, { tenantId: 'other', phoneE164: phone })).toBeNull();
  });

  it('shows its outcome and times once it has ended', async () => {
    const callId = await call(nextPhone());
    await database.store.prisma.call.update({
      where: { id: callId },
      data: {
        state: 'ended',
        answeredAt: later(2_000),
        endedAt: later(9_500),
        disposition: 'callee_hung_up',
        resultCode: 200,
        resultSubCode: 0,
      },
    });
    expect(await findCall(database.store, { tenantId, callId })).toMatchObject({
      ...{
        status: 'ended',
        in_progress: false,
        outcome: 'callee_hung_up',
        duration_ms: 7_500,
        result: { code: 200, sub_code: 0, message: '' },
      },
    });
  });

  it('gives a media worker all it needs', async () => {
    const phone = nextPhone();
    const callId = await call(phone);
    const owner = { tenantId, callId, epoch: 1 };
    await bindMediaEpoch(database.store, owner);
    await appendMessages(database.store, owner, [said(0, 'Hello', 'assistant'), said(1, 'Ann here')]);
    expect(await loadCallContext(database.store, { tenantId, callId })).toMatchObject({
      ...{ tenantId, callId, campaignId: null, phoneE164: phone, initiate: exampleCampaign.initiate, variables: {}, claim: {} },
      ...{ maxCallMs: 60_000, traceparent: '00-ab-cd-01' },
      history: [
        { persona: 'assistant', content: 'Hello' },
        { persona: 'human', content: 'Ann here' },
      ],
    });
    expect(await loadCallContext(database.store, { tenantId: 'other', callId })).toBeNull();
  });
});

describe('the owner of a call', () => {
  it('writes messages once, however often it sends them', async () => {
    const callId = await call(nextPhone());
    const owner = { tenantId, callId, epoch: 1 };
    expect(await bindMediaEpoch(database.store, owner)).toEqual({ nextSeq: 0 });
    const ledger = {
      replyMs: 700,
      vadLagMs: 100,
      endpointWaitMs: 200,
      sttWaitMs: 0,
      llmFirstTokenMs: 250,
      firstPhraseMs: 50,
      ttsFirstByteMs: 80,
      sendMs: 20,
    };
    const tool = { tool_id: 't1', function_name: 'updated_claim', function_arguments: '{}', content: 'ok' };
    const batch = [said(0, 'What\'s "up"?\n'), { ...said(1, 'Fine', 'assistant'), ledger, toolCalls: [tool] }];
    expect(await appendMessages(database.store, owner, batch)).toBe(true);
    expect(await appendMessages(database.store, owner, [said(1, 'changed'), said(2, 'more')])).toBe(true);
    expect(await appendMessages(database.store, owner, [])).toBe(true);
    const view = await findCall(database.store, { tenantId, callId });
    expect(view?.messages).toMatchObject([
      { content: 'What\'s "up"?\n', persona: 'human', action: 'talk', created_at: '2026-03-02T09:00:00.000Z' },
      { content: 'Fine', ledger, tool_calls: [tool] },
      { content: 'more' },
    ]);
  });

  it('writes what a database in UTF-8 cannot hold as well as it can', async () => {
    const callId = await call(nextPhone());
    const owner = { tenantId, callId, epoch: 0 };
    expect(await appendMessages(database.store, owner, [said(0, 'a\0b \ud83d 😀 \\u0000')])).toBe(true);
    expect(await updateClaim(database.store, owner, { full_name: 'Ann\0' })).toBe(true);
    const view = await findCall(database.store, { tenantId, callId });
    expect(view).toMatchObject({ claim: { full_name: 'Ann\ufffd' }, messages: [{ content: 'a\ufffdb \ufffd 😀 \\u0000' }] });
  });

  it('stores the claim and the close', async () => {
    const callId = await call(nextPhone());
    const owner = { tenantId, callId, epoch: 1 };
    await bindMediaEpoch(database.store, owner);
    expect(await updateClaim(database.store, owner, { full_name: 'Ann Lee' })).toBe(true);
    expect(await closeMedia(database.store, owner, { exchanges: 3, agentClosed: true, closedAt: later(5) })).toBe(true);
    expect(await findCall(database.store, { tenantId, callId })).toMatchObject({
      claim: { full_name: 'Ann Lee' },
      claim_completeness: 0.5,
    });
    const row = await database.store.prisma.call.findUniqueOrThrow({ where: { id: callId } });
    expect(row).toMatchObject({ exchanges: 3, agentClosed: true, mediaClosedAt: later(5), mediaEpoch: 1 });
  });

  it('say that a machine answered, but not over what is known already', async () => {
    const [fresh, optedOut] = [await call(nextPhone()), await call(nextPhone())];
    await database.store.prisma.call.update({ where: { id: optedOut }, data: { disposition: 'opted_out' } });
    const outcome = { exchanges: 0, agentClosed: false, disposition: 'message_left', closedAt: later(5) } as const;
    for (const callId of [fresh, optedOut]) {
      const owner = { tenantId, callId, epoch: 1 };
      await bindMediaEpoch(database.store, owner);
      expect(await closeMedia(database.store, { ...owner, epoch: 0 }, { ...outcome, disposition: 'voicemail' })).toBe(false);
      expect(await closeMedia(database.store, owner, outcome)).toBe(true);
    }
    expect(await findCall(database.store, { tenantId, callId: fresh })).toMatchObject({ outcome: 'message_left' });
    expect(await findCall(database.store, { tenantId, callId: optedOut })).toMatchObject({ outcome: 'opted_out' });
  });

  it('say that the machine has our message, which it got once its line was back; and not that it has none, after that', async () => {
    const callId = await call(nextPhone());
    const outcome = { exchanges: 0, agentClosed: false, closedAt: later(5) };
    for (const [epoch, disposition, expected] of [
      [1, 'voicemail', 'voicemail'],
      [2, 'message_left', 'message_left'],
      [3, 'voicemail', 'message_left'],
    ] as const) {
      const owner = { tenantId, callId, epoch };
      await bindMediaEpoch(database.store, owner);
      expect(await closeMedia(database.store, owner, { ...outcome, disposition })).toBe(true);
      expect(await findCall(database.store, { tenantId, callId })).toMatchObject({ outcome: expected });
    }
  });

  it('takes back what the last one had made of its end: that is told anew', async () => {
    const callId = await call(nextPhone());
    const [lost, next] = [1, 2].map((epoch) => ({ tenantId, callId, epoch }));
    if (!lost || !next) throw new Error('unreachable');
    const row = () =>
      database.store.prisma.call.findUniqueOrThrow({
        where: { id: callId },
        select: { disposition: true, endedBy: true, mediaClosedAt: true },
      });
    const outcome = { exchanges: 1, agentClosed: false, endsCall: true, closedAt: later(5) };
    await bindMediaEpoch(database.store, lost);
    await closeMedia(database.store, lost, { ...outcome, disposition: 'network_failure' });
    expect(await row()).toMatchObject({ disposition: 'network_failure', endedBy: 'agent' });
    await bindMediaEpoch(database.store, lost); // late, and the same epoch
    expect(await row()).toMatchObject({ disposition: 'network_failure', endedBy: 'agent' });
    await bindMediaEpoch(database.store, next);
    expect(await row()).toEqual({ disposition: null, endedBy: null, mediaClosedAt: null });
    await closeMedia(database.store, next, { ...outcome, disposition: 'voicemail', endsCall: false });
    await noteEndedBy(database.store, next, 'line_lost'); // and the hang-up failed
    await bindMediaEpoch(database.store, { ...next, epoch: 3 });
    expect(await row()).toMatchObject({ disposition: 'voicemail', endedBy: null });
    await noteTransferred(database.store, next, NOW);
    await bindMediaEpoch(database.store, { ...next, epoch: 4 });
    expect(await row()).toMatchObject({ endedBy: 'transferred' });
  });

  it('go by the rules for machines that the call was asked for with', async () => {
    const answering_machine = { on_machine: 'leave_message', message: 'Please call us back.' } as const;
    const callId = await call(nextPhone(), tenantId, NOW, { ...exampleCampaign.initiate, answering_machine });
    expect(await loadCallContext(database.store, { tenantId, callId })).toMatchObject({ answeringMachine: answering_machine });
    expect(await findCall(database.store, { tenantId, callId })).toMatchObject({ initiate: { answering_machine } });
  });

  it("take turns as the call was asked for, over its campaign's settings", async () => {
    const ofCampaign = { phone_silence_timeout_sec: 30, vad_cutoff_timeout_ms: 300 };
    const initiate = { ...exampleCampaign.initiate, conversation: { phone_silence_timeout_sec: 12 } };
    const callId = await call(nextPhone(), tenantId, NOW, initiate);
    const conversationOf = async () => (await loadCallContext(database.store, { tenantId, callId }))?.conversation;
    expect(await conversationOf()).toEqual({ phone_silence_timeout_sec: 12 });
    const request = { ...exampleCampaign, conversation: ofCampaign };
    const campaignId = await createCampaign(database.store, { tenantId, actor: 'ops', request, now: NOW });
    await database.store.prisma.call.update({ where: { id: callId }, data: { campaignId } });
    expect(await conversationOf()).toEqual({ phone_silence_timeout_sec: 12, vad_cutoff_timeout_ms: 300 });
  });

  it('of an older epoch writes nothing any more', async () => {
    const callId = await call(nextPhone());
    const [old, current] = [1, 2].map((epoch) => ({ tenantId, callId, epoch }));
    if (!old || !current) throw new Error('unreachable');
    await bindMediaEpoch(database.store, old);
    await appendMessages(database.store, old, [said(0, 'kept')]);
    expect(await bindMediaEpoch(database.store, current)).toEqual({ nextSeq: 1 });
    expect(await bindMediaEpoch(database.store, old)).toBeNull();
    expect(await appendMessages(database.store, old, [said(1, 'lost')])).toBe(false);
    expect(await updateClaim(database.store, old, { full_name: 'lost' })).toBe(false);
    expect(await closeMedia(database.store, old, { exchanges: 9, agentClosed: true, closedAt: NOW })).toBe(false);
    expect(await findCall(database.store, { tenantId, callId })).toMatchObject({ claim: {}, messages: [{ content: 'kept' }] });
  });

  it('of another tenant has nothing to write', async () => {
    const callId = await call(nextPhone());
    const foreign = { tenantId: 'other', callId, epoch: 0 };
    expect(await bindMediaEpoch(database.store, { ...foreign, epoch: 1 })).toBeNull();
    expect(await appendMessages(database.store, foreign, [said(0, 'x')])).toBe(false);
    expect(await updateClaim(database.store, foreign, {})).toBe(false);
    expect(await closeMedia(database.store, foreign, { exchanges: 0, agentClosed: false, closedAt: NOW })).toBe(false);
  });
});

describe('after the call', () => {
  const synthesis = { short: 'Fine', long: 'All went well', satisfaction: 'high', improvement_suggestions: 'none' } as const;

  it('the first synthesis is kept', async () => {
    const callId = await call(nextPhone());
    const next = { action: 'case_closed', justification: 'done' };
    expect(await storeSynthesis(database.store, { tenantId: 'other', callId }, { synthesis })).toBe(false);
    expect(await storeSynthesis(database.store, { tenantId, callId }, { synthesis, next })).toBe(true);
    expect(await storeSynthesis(database.store, { tenantId, callId }, { synthesis: { ...synthesis, short: 'Late' } })).toBe(false);
    expect(await findCall(database.store, { tenantId, callId })).toMatchObject({ synthesis, next });
  });

  it('an event of the carrier is written down once', async () => {
    const event = {
      tenantId,
      id: 'event-1',
      callId: await call(nextPhone()),
      type: 'answered',
      payload: { at: NOW.toISOString() },
      traceparent: null,
    };
    expect(await insertCarrierEvent(database.store, event)).toBe(true);
    expect(await insertCarrierEvent(database.store, event)).toBe(false);
    expect(await insertCarrierEvent(database.store, { ...event, tenantId: 'other' })).toBe(true);
  });
});
