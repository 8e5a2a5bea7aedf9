import { SNAPSHOT_VERSION, type CallSnapshot } from '@carillon/pipeline';
import {
  METADATA,
  TestPhone,
  callContext,
  eventually,
  openSocket,
  scriptedProviders,
  stageWorker,
  type StagedWorker,
} from './media-worker.spec-support.js';
import type { WebSocket } from 'ws';

const APOLOGY = 'I am sorry, I have a technical problem. If you would like us to call you again, please press 1.';

let staged: StagedWorker;
let hasBegun = false;
afterEach(() => staged.worker.close());

const call = () => {
  const held = staged.calls.get('c1');
  if (held === undefined) throw new Error('unreachable');
  return held;
};
const said = () => staged.live.flatMap((event) => (event.type === 'call.said' && event.persona === 'assistant' ? [event.content] : []));

/** The next socket of a call that its last worker kept like this; nothing has come through it. */
async function takeOver(turns: Partial<CallSnapshot>): Promise<WebSocket> {
  hasBegun = false;
  staged = await stageWorker({
    contexts: [callContext('c1', { campaignId: 'campaign' })],
    providersFor() {
      hasBegun = true;
      return scriptedProviders();
    },
  });
  const nothingOpen = { history: [], owes: null, unanswered: false, agentClosed: false, failures: 0, echoes: 0 };
  const kept = { version: SNAPSHOT_VERSION, ...nothingOpen, pauses: { count: 0, meanMs: 0 }, ...turns };
  Object.assign(call(), { epoch: 1, kept: { epoch: 1, call: { turns: kept, exchanges: 2, unwritten: [], unwrittenClaim: null } } });
  return openSocket(await staged.mediaUrl('c1'));
}

/** The carrier says how its audio will be, and sends none. */
async function begin(socket: WebSocket): Promise<void> {
  socket.send(METADATA);
  await eventually(() => hasBegun, 'the session begins');
}

const apologising: Partial<CallSnapshot> = { last: { reason: 'provider_failure', lines: ['Sorry.'], offer: false } };

describe('a call that our services had failed, and whose next socket is lost', () => {
  it.each([
    ['in the middle of the apology, before it had said anything', apologising, false],
    ['in the middle of the apology, before any sound', apologising, true],
    ['while a person was to take over, before it had said anything', { handOver: 'told' as const }, false],
    ['while the carrier put the person through, before any sound', { handOver: 'asked' as const }, true],
  ])('%s, is a failure of ours all the same', async (_when, turns, begins) => {
    const socket = await takeOver(turns);
    if (begins) await begin(socket);
    socket.close();
    await eventually(() => call().outcome !== null, 'its end is written');
    expect(call()).toMatchObject({ epoch: 2, disposition: 'network_failure', outcome: { exchanges: 2, disposition: 'network_failure' } });
    expect(call().kept?.call.turns).toMatchObject(turns);
  });

  it('where the agent had come to the end before, is none', async () => {
    (await takeOver({ ...apologising, agentClosed: true })).close();
    await eventually(() => call().outcome !== null, 'its end is written');
    expect(call()).toMatchObject({ disposition: null, outcome: { exchanges: 2, agentClosed: true } });
  });
});

describe('a carrier that does not put the person through, as the next worker has just taken the call', () => {
  it.each([
    ['has a socket and nothing more', false],
    ['has a session, and heard nothing yet', true],
  ])('is believed by one that %s: the person hears the apology, and nobody is asked again', async (_what, begins) => {
    const socket = await takeOver({ handOver: 'asked' });
    if (begins) await begin(socket);
    staged.worker.transferFailed('c1');
    const phone = new TestPhone(socket);
    await eventually(() => said().length === 1, 'the person hears of it');
    expect(said()).toEqual([APOLOGY]);
    expect(staged.transfers).toEqual([]);
    phone.stop();
  });

  it('is not asked again by the worker after that either', async () => {
    const socket = await takeOver({ handOver: 'asked' });
    await begin(socket);
    staged.worker.transferFailed('c1');
    socket.close();
    await eventually(() => call().outcome !== null, 'its end is written');
    expect(call().kept?.call.turns).toMatchObject({ last: { reason: 'provider_failure' } });
    expect(call().kept?.call.turns.handOver).toBeUndefined();
  });
});
