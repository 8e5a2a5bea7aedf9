import type { Initiate } from '@carillon/contracts';
import { openCoordination, type Coordination } from '@carillon/coordination';
import { SNAPSHOT_VERSION } from '@carillon/pipeline';
import { createLogger, createMetrics, noFailpoints } from '@carillon/platform';
import { createCall, findCall, findLedgerCall, loadCallContext, type NewMessage } from '@carillon/store';
import { createRealClock, openTestDatabase, ScriptedLlm, type TestDatabase } from '@carillon/testing';
import { createCallDirectory } from './call-directory.js';
import { createCallSnapshots } from './call-snapshots.js';
import { conversationsIn } from './conversations-in.js';
import { ConversationWriter } from './conversation-writer.js';
import { holdInRedis } from './hold-in-redis.js';
import { personRequestsIn } from './person-requests-in.js';
import {
  TestPhone,
  callContext,
  eventually,
  openSocket,
  scriptedProviders,
  stageWorker,
  type StagedWorker,
} from './media-worker.spec-support.js';
import { createMediaMetrics } from './media-metrics.js';
import type { CallDirectory, KeptCall } from './ports.js';

const TENANT = 'default';

describe('a media worker on Postgres and Redis', () => {
  let database: TestDatabase;
  let coordination: Coordination;
  let staged: StagedWorker;
  let phones = 0;

  const log = createLogger('media-worker', { level: 'silent', pii: false });
  const directoryOf = (workerId: string): CallDirectory =>
    createCallDirectory({ db: database.store, desk: coordination.calls, workerId, log });

  beforeAll(async () => {
    database = await openTestDatabase();
    coordination = openCoordination({ redisUrl: database.redisUrl, prefix: database.prefix, name: 'test', onError: () => undefined });
    const clock = createRealClock();
    staged = await stageWorker({
      outside: {
        ...holdInRedis({ db: database.store, coordination, holderId: 'worker-1', log }),
        snapshots: createCallSnapshots(coordination.calls),
        conversations: conversationsIn(database.store, noFailpoints),
        requestsOf: personRequestsIn(database.store, () => new Date()),
        conveyor: coordination.conveyor,
        live: coordination.live,
      },
      providersFor: () => ({
        ...scriptedProviders(),
        llm: new ScriptedLlm({ clock, answers: [NAME_TOLD, GOODBYE], ttftMs: 10, tokenMs: 1 }),
      }),
    });
  });
  afterAll(async () => {
    await staged.worker.close();
    await coordination.close();
    await database.close();
  });

  const newCall = () =>
    createCall(database.store, {
      tenantId: TENANT,
      phoneE164: `+1415555${String((phones += 1)).padStart(4, '0')}`,
      initiate: INITIATE,
      ringTimeoutMs: 30_000,
      maxCallMs: 60_000,
      traceparent: null,
      now: new Date(),
      notAfter: new Date(Date.now() + 30_000),
    });
  const view = async (callId: string) => findCall(database.store, { tenantId: TENANT, callId });
  const row = async (callId: string) => findLedgerCall(database.store, { tenantId: TENANT, callId });

  it('announces its slots to the fleet', async () => {
    expect(await coordination.fleet.countSlots()).toMatchObject({ capacity: 10 });
  });

  it('holds its calls under the name of its heartbeats, by which its end is known', async () => {
    const call = { tenantId: TENANT, callId: await newCall() };
    await coordination.calls.putContext(callContext(call.callId), 60_000);
    const socket = await openSocket(await staged.mediaUrl(call.callId));
    const owner = await coordination.calls.owner(call);
    socket.terminate();
    expect([...(await coordination.fleet.lastHeartbeats()).keys()]).toEqual([owner?.workerId]);
  });

  it('writes what was said and collected, closes the conversation and queues the wrap-up', async () => {
    const callId = await newCall();
    const before = await coordination.conveyor.waiting('wrap-up');
    const said: string[] = [];
    await coordination.live.subscribe(TENANT, (event) => void (event.type === 'call.said' && said.push(event.content)));
    const phone = new TestPhone(await openSocket(await staged.mediaUrl(callId)));
    await eventually(() => said.length === 1, 'the greeting is heard to its end');
    phone.speak(500);
    await untilAsync(async () => (await row(callId))?.mediaClosedAt != null, 'the conversation is closed');
    const call = await view(callId);
    expect(call?.messages.map(({ persona, content }) => `${persona}: ${content}`)).toEqual([
      expect.stringMatching(/^assistant: Hello, this is Adam/),
      'human: hello there',
      expect.stringMatching(/^assistant: Thank you, Sarah\. Goodbye\./),
    ]);
    expect(call?.claim).toEqual({ full_name: 'Sarah Connor' });
    const answer = call?.messages[2];
    expect(answer?.tool_calls.map((tool) => tool.function_name)).toEqual(['updated_claim', 'end_call']);
    const { replyMs = 0, ...parts } = answer?.ledger ?? {};
    expect(Object.values(parts).reduce((sum: number, part) => sum + part, 0)).toBeCloseTo(replyMs, 3);
    expect(await row(callId)).toMatchObject({ mediaEpoch: 1, exchanges: 1, agentClosed: true });
    await eventually(() => staged.hungUp.includes('connection-1'), 'the call is hung up');
    await untilAsync(async () => (await coordination.conveyor.waiting('wrap-up')) === before + 1, 'the wrap-up is queued');
  }, 20_000);

  it('takes the context from Redis where it lies ready, else from Postgres', async () => {
    const callId = await newCall();
    await coordination.calls.putContext(callContext(callId, { variables: { from: 'redis' } }), 60_000);
    const directory = directoryOf('worker-1');
    expect(await directory.admit({ tenantId: TENANT, callId })).toMatchObject({ context: { variables: { from: 'redis' } } });
    const other = await newCall();
    expect(await directory.admit({ tenantId: TENANT, callId: other })).toMatchObject({
      owner: { epoch: 1 },
      context: { callId: other, variables: {} },
    });
  });

  it('does not know calls that are not there, of another tenant, or over', async () => {
    const callId = await newCall();
    const directory = directoryOf('worker-1');
    expect(await directory.admit({ tenantId: TENANT, callId: '00000000-0000-4000-8000-000000000000' })).toBe('unknown');
    expect(await directory.admit({ tenantId: 'other', callId })).toBe('unknown');
    await database.store.prisma.call.update({ where: { id: callId }, data: { state: 'ended' } });
    expect(await directory.admit({ tenantId: TENANT, callId })).toBe('ended');
  });

  it('gives the next worker what the last one kept, and what that one had not written is written', async () => {
    const callId = await newCall();
    const call = { tenantId: TENANT, callId };
    const snapshots = createCallSnapshots(coordination.calls);
    const conversations = conversationsIn(database.store, noFailpoints);
    const older = await directoryOf('worker-1').admit(call);
    if (typeof older === 'string') throw new Error(older);
    expect(older.kept).toBeUndefined();
    await conversations.bind(older.owner);
    await conversations.append(older.owner, [line(1, 'Hello.')]);
    await conversations.claim(older.owner, { full_name: 'Anne', age: 40 }); // corrected since
    const kept = keptCall({ unwritten: [line(1, 'Hello.'), line(2, 'How old are you?')], unwrittenClaim: { full_name: 'Ann' } });
    expect(await snapshots.keep(older.owner, kept, 60_000)).toBe(true);

    const newer = await directoryOf('worker-2').admit(call);
    if (typeof newer === 'string') throw new Error(newer);
    expect(newer).toMatchObject({ exchangesBefore: 2, context: { claim: { full_name: 'Ann', age: 40 } }, kept: { turns: kept.turns } });
    const clock = createRealClock();
    const metrics = createMediaMetrics(createMetrics('media-worker'), NO_GAUGES);
    const inherited = newer.kept?.unwritten;
    const writer = new ConversationWriter({ owner: newer.owner, store: conversations, clock, log, metrics, inherited });
    writer.claim(newer.context.claim);
    expect(await writer.close({ exchanges: 2, agentClosed: false, closedAt: new Date() })).toBe('written');
    expect((await view(callId))?.messages.map(({ content }) => content)).toEqual(['Hello.', 'How old are you?']);
    expect((await view(callId))?.claim).toEqual({ full_name: 'Ann', age: 40 });

    expect(await snapshots.keep(older.owner, kept, 60_000)).toBe(false);
    expect(await snapshots.keep(older.owner, null, 0)).toBe(false);
    expect(await snapshots.keep(newer.owner, null, 0)).toBe(true);
    expect(await coordination.calls.getSnapshot(call)).toBeNull();
  });

  it('does not go by a snapshot of another version: the stored messages are there', async () => {
    const callId = await newCall();
    const call = { tenantId: TENANT, callId };
    const older = await directoryOf('worker-1').admit(call);
    if (typeof older === 'string') throw new Error(older);
    const unknown = keptCall({ turns: { ...keptCall().turns, version: SNAPSHOT_VERSION + 1 } });
    expect(await createCallSnapshots(coordination.calls).keep(older.owner, unknown, 60_000)).toBe(true);
    expect(await directoryOf('worker-2').admit(call)).toMatchObject({ owner: { epoch: 2 }, kept: undefined });
  });

  it('lets the newest owner write, on whatever worker it is, and starts it with what was said', async () => {
    const callId = await newCall();
    const call = { tenantId: TENANT, callId };
    const conversations = conversationsIn(database.store, noFailpoints);
    const older = await directoryOf('worker-1').admit(call);
    if (typeof older === 'string') throw new Error(older);
    expect(await conversations.bind(older.owner)).toEqual({ nextSeq: 0 });
    expect(await conversations.append(older.owner, [line(0, 'Hello.')])).toBe(true);
    expect(await conversations.close(older.owner, { exchanges: 2, agentClosed: false, closedAt: new Date() })).toBe(true);

    const newer = await directoryOf('worker-2').admit(call);
    if (typeof newer === 'string') throw new Error(newer);
    expect(newer).toMatchObject({
      owner: { epoch: 2 },
      exchangesBefore: 2,
      context: { history: [{ persona: 'assistant', content: 'Hello.' }] },
    });
    expect(await conversations.bind(newer.owner)).toEqual({ nextSeq: 1 });
    expect(await conversations.append(older.owner, [line(1, 'too late')])).toBe(false);
    expect(await conversations.claim(older.owner, { name: 'too late' })).toBe(false);
    expect(await directoryOf('worker-1').isStillOurs(older.owner)).toBe(false);
    expect(await directoryOf('worker-2').isStillOurs(newer.owner)).toBe(true);
    expect((await loadCallContext(database.store, call))?.history).toHaveLength(1);
    expect(await directoryOf('worker-1').giveUpLine(older.owner)).toBe('left');
    expect(await directoryOf('worker-2').giveUpLine(newer.owner)).toBe('lost');
    expect(await row(callId)).toMatchObject({ endedBy: 'line_lost' });
  });
});

const line = (seq: number, content: string): NewMessage => ({
  seq,
  content,
  action: 'talk',
  persona: 'assistant',
  style: 'none',
  toolCalls: [],
  createdAt: new Date(),
});

const NO_GAUGES = { slots: () => 0, state: () => 'open' as const, relays: () => 0, openCalls: () => [] };

const keptCall = (over: Partial<KeptCall> = {}): KeptCall => ({
  turns: {
    ...{ version: SNAPSHOT_VERSION, history: [], owes: null, unanswered: false, agentClosed: false },
    ...{ failures: 0, echoes: 0, pauses: { count: 0, meanMs: 0 } },
  },
  exchanges: 2,
  unwritten: [],
  unwrittenClaim: null,
  ...over,
});

const NAME_TOLD = { calls: [{ name: 'updated_claim', arguments: { updates: [{ field: 'full_name', value: 'Sarah Connor' }] } }] };
const GOODBYE = { text: 'Thank you, Sarah. Goodbye.', calls: [{ name: 'end_call', arguments: { reason: 'done' } }] };

const INITIATE: Initiate = { ...callContext('x').initiate, claim: [{ name: 'full_name', type: 'text' }] };

async function untilAsync(isSo: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 8_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
