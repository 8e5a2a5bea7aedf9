import { createLogger, createMetrics } from '@carillon/platform';
import type { NewMessage } from '@carillon/store';
import { VirtualClock } from '@carillon/testing';
import { ConversationWriter, type MessageDraft } from './conversation-writer.js';
import { createMediaMetrics } from './media-metrics.js';
import type { ConversationStore } from './ports.js';

const OWNER = { tenantId: 'default', callId: 'c1', epoch: 1 };

/** A store that can be away, be another's, or take its time. */
class FickleStore implements ConversationStore {
  away = false;
  taken = false;
  readonly batches: NewMessage[][] = [];
  readonly claims: object[] = [];
  readonly closings: object[] = [];
  tries = 0;

  bind = () => this.answer(() => (this.taken ? null : { nextSeq: 10 }));
  append = (_owner: object, messages: readonly NewMessage[]) =>
    this.answer(() => {
      if (!this.taken) this.batches.push([...messages]);
      return !this.taken;
    });
  claim = (_owner: object, claim: object) => this.answer(() => this.claims.push(claim) > 0);
  close = (_owner: object, outcome: object) => this.answer(() => !this.taken && this.closings.push(outcome) > 0);

  get written(): string[] {
    return this.batches.flat().map(({ seq, content }) => `${seq}: ${content}`);
  }

  private async answer<Value>(value: () => Value): Promise<Value> {
    this.tries += 1;
    if (this.away) throw new Error('connection refused');
    return value();
  }
}

function writing() {
  const clock = new VirtualClock();
  const store = new FickleStore();
  const metrics = createMediaMetrics(createMetrics('media-worker'), {
    slots: () => 1,
    state: () => 'open',
    relays: () => 0,
    openCalls: () => [],
  });
  const log = createLogger('media-worker', { level: 'silent', pii: false });
  const writer = new ConversationWriter({ owner: OWNER, store, clock, log, metrics });
  let id = 0;
  const say = (persona: 'human' | 'assistant', content: string): number => {
    const draft: MessageDraft = { id: id++, persona, content, action: 'talk', style: 'none', toolCalls: [], createdAt: new Date(0) };
    writer.say(draft);
    return draft.id;
  };
  const count = async (counter: { get(): Promise<{ values: { value: number }[] }> }) => (await counter.get()).values[0]?.value ?? 0;
  return { clock, store, metrics, writer, say, count };
}

const OUTCOME = { exchanges: 1, agentClosed: true, closedAt: new Date(1) };

describe('the conversation writer', () => {
  it('writes what is said in batches, numbered after what was there', async () => {
    const { clock, store, say } = writing();
    say('assistant', 'Hello.');
    say('assistant', 'Anybody there?');
    await clock.advance(400);
    expect(store.batches).toHaveLength(1);
    expect(store.written).toEqual(['10: Hello.', '11: Anybody there?']);
  });

  it('holds a line of the person until its final transcript can no longer come, and what follows with it', async () => {
    const { clock, store, say, writer } = writing();
    say('assistant', 'Your name?');
    const line = say('human', 'Sarah Con');
    say('assistant', 'Thank you.');
    await clock.advance(700);
    expect(store.written).toEqual(['10: Your name?']);
    writer.revise(line, 'Sarah Connor');
    await clock.advance(2_000);
    expect(store.written).toEqual(['10: Your name?', '11: Sarah Connor', '12: Thank you.']);
  });

  it('keeps order and loses nothing while the store is away', async () => {
    const { clock, store, say, writer, metrics, count } = writing();
    store.away = true;
    say('assistant', 'one');
    await clock.advance(1_000);
    say('assistant', 'two');
    writer.claim({ name: 'Sarah' });
    await clock.advance(10_000);
    expect(store.written).toEqual([]);
    expect(await count(metrics.flushFailures)).toBeGreaterThan(3);
    store.away = false;
    await clock.advance(5_400);
    expect(store.written).toEqual(['10: one', '11: two']);
    expect(store.claims).toEqual([{ name: 'Sarah' }]);
  });

  it('tries less and less often while the store is away', async () => {
    const { clock, store, say } = writing();
    store.away = true;
    say('assistant', 'one');
    await clock.advance(60_000);
    expect(store.tries).toBeLessThan(20);
  });

  it('writes all that is left at the end, then the end itself', async () => {
    const { store, say, writer } = writing();
    say('human', 'bye');
    writer.claim({ name: 'Sarah' });
    expect(await writer.close(OUTCOME)).toBe('written');
    expect(store.written).toEqual(['10: bye']);
    expect(store.closings).toEqual([OUTCOME]);
  });

  it('waits at the end for a store that comes back', async () => {
    const { clock, store, say, writer } = writing();
    store.away = true;
    say('assistant', 'one');
    const closing = writer.close(OUTCOME);
    await clock.advance(30_000);
    store.away = false;
    await clock.advance(5_000);
    expect(await closing).toBe('written');
    expect(store.written).toEqual(['10: one']);
  });

  it('gives up after its patience and counts what is lost', async () => {
    const { clock, store, say, writer, metrics, count } = writing();
    store.away = true;
    say('assistant', 'one');
    const closing = writer.close(OUTCOME, 3_000);
    await clock.advance(10_000);
    expect(await closing).toBe('gave_up');
    expect(await count(metrics.messagesLost)).toBe(1);
  });

  it('writes nothing once another worker owns the call', async () => {
    const { clock, store, say, writer } = writing();
    say('assistant', 'one');
    await clock.advance(400);
    store.taken = true;
    say('assistant', 'two');
    await clock.advance(400);
    say('assistant', 'three');
    expect(await writer.close(OUTCOME)).toBe('fenced');
    expect(store.written).toEqual(['10: one']);
    expect(store.closings).toEqual([]);
  });

  it('counts a correction that comes too late', async () => {
    const { clock, say, writer, metrics, count } = writing();
    const line = say('human', 'Sarah Con');
    await clock.advance(3_000);
    writer.revise(line, 'Sarah Connor');
    expect(await count(metrics.lateRevisions)).toBe(1);
  });
});
