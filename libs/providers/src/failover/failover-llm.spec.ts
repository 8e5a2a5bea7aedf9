import type { LlmDelta, LlmProvider } from '@carillon/pipeline';
import { ScriptedLlm, type ScriptedAnswer, VirtualClock } from '@carillon/testing';
import { ProviderError } from '../provider-error.js';
import { failingLlm } from '../testing/failing-providers.js';
import { RecordingLog } from '../testing/recording-log.js';
import { MemoryBreakerBoard } from './breaker-board.js';
import type { FailoverEvent } from './failover-event.js';
import { FailoverLlm, type FailoverLlmOptions } from './failover-llm.js';

const log = new RecordingLog();
const request = { messages: [], tools: [] };

let clock: VirtualClock;
let events: FailoverEvent[];
let slow: ScriptedLlm;

beforeEach(() => {
  clock = new VirtualClock(1_000_000);
  events = [];
  slow = new ScriptedLlm({ clock, answers: () => 'From slow.', ttftMs: 300 });
});

function scripted(answer: ScriptedAnswer): ScriptedLlm {
  return new ScriptedLlm({ clock, answers: () => ({ text: 'From fast.', ...answer }), ttftMs: 200 });
}

function failover(fast: LlmProvider, options: Partial<FailoverLlmOptions> = {}): FailoverLlm {
  const providers = [
    { name: 'fast', provider: fast },
    { name: 'slow', provider: slow },
  ];
  return new FailoverLlm({ providers, clock, log, observe: (event) => events.push(event), ...options });
}

interface Asked {
  text: string;
  firstMs: number | undefined;
  /** When it ended, well or not; undefined: not yet. */
  endMs: number | undefined;
  error: unknown;
  stop: AbortController;
}

function ask(llm: LlmProvider): Asked {
  const startedAt = clock.now();
  const asked: Asked = { text: '', firstMs: undefined, endMs: undefined, error: undefined, stop: new AbortController() };
  const read = async () => {
    for await (const delta of llm.stream(request, asked.stop.signal)) {
      asked.firstMs ??= clock.now() - startedAt;
      asked.text += textOf(delta);
    }
  };
  void read()
    .catch((error: unknown) => (asked.error = error))
    .finally(() => (asked.endMs = clock.now() - startedAt));
  return asked;
}

async function askAndWait(llm: LlmProvider, ms = 20_000): Promise<Asked> {
  const asked = ask(llm);
  await clock.advance(ms);
  return asked;
}

function textOf(delta: LlmDelta): string {
  return delta.type === 'text' ? delta.text : '';
}

const unavailable = new ProviderError('llm_unavailable');

describe('the faults of a model, with a second one at hand', () => {
  const HEDGED = { hedgeShare: 1 };
  const PLAIN = { hedgeShare: 0 };

  // What the first model does, who is allowed to hedge, whose words are heard, and the silence before them.
  it.each<[string, ScriptedAnswer, Partial<FailoverLlmOptions>, string, number]>([
    ['nothing wrong', {}, HEDGED, 'From fast.', 200],
    ['a delay below the hedge', { ttftMs: 990 }, HEDGED, 'From fast.', 990],
    ['a delay beyond it', { ttftMs: 1_800 }, HEDGED, 'From slow.', 1_300],
    ['a delay that the hedge does not beat', { ttftMs: 1_200 }, HEDGED, 'From fast.', 1_200],
    ['a delay, and no budget', { ttftMs: 1_800 }, PLAIN, 'From fast.', 1_800],
    ['a stall', { hangs: 'at-once' }, HEDGED, 'From slow.', 1_300],
    ['a stall, and no budget', { hangs: 'at-once' }, PLAIN, 'From slow.', 3_300],
    ['a refusal', { fails: 'at-once' }, HEDGED, 'From slow.', 500],
    ['a refusal after the hedge began', { fails: 'at-once', ttftMs: 1_100 }, HEDGED, 'From slow.', 1_300],
    ['an empty answer', { text: '' }, HEDGED, 'From slow.', 500],
  ])('%s', async (_, answer, options, text, firstMs) => {
    const asked = await askAndWait(failover(scripted(answer), options));
    expect(asked).toMatchObject({ text, firstMs, error: undefined });
    expect(clock.pending).toBe(0);
  });

  it('a socket that closes in the middle of an answer: nobody begins the sentence again', async () => {
    const asked = await askAndWait(failover(scripted({ fails: 'after-text' }), HEDGED));
    expect(asked).toMatchObject({ text: 'From fast.', firstMs: 200, endMs: 215 });
    expect(asked.error).toEqual(new Error('scripted model failure'));
    expect(slow.requests).toEqual([]);
    expect(events.at(-1)).toEqual({ type: 'failed', kind: 'llm', provider: 'fast', code: 'unknown', cutOff: true });
  });

  it('half an answer and then silence: ended by who asked', async () => {
    const asked = ask(failover(scripted({ hangs: 'after-text' }), HEDGED));
    await clock.advance(9_000);
    asked.stop.abort(new Error('too late'));
    await clock.advance(0);
    expect(asked).toMatchObject({ text: 'From fast.', endMs: 9_000, error: new Error('too late') });
    expect(slow.requests).toEqual([]);
  });

  it('too many requests: the service is left alone until it wants more', async () => {
    const fast = failingLlm(clock, new ProviderError('llm_throttled', '', { retryAfterMs: 30_000 }));
    const llm = failover(fast);
    expect((await askAndWait(llm)).firstMs).toBe(320);
    expect((await askAndWait(llm, 9_000)).firstMs).toBe(300);
    expect(fast.asked).toBe(1);
    await clock.advance(2_000);
    expect((await askAndWait(llm)).firstMs).toBe(320);
    expect(fast.asked).toBe(2);
  });

  it('both down: told at once by the last one, and later by the circuits', async () => {
    const llm = failover(failingLlm(clock, unavailable), {
      providers: named(failingLlm(clock, unavailable), failingLlm(clock, unavailable)),
    });
    for (let time = 0; time < 5; time++) expect(await askAndWait(llm, 1_000)).toMatchObject({ error: unavailable, endMs: 40 });
    expect(await askAndWait(llm, 100)).toMatchObject({ error: unavailable, endMs: 40 }); // the last resort
    expect(await askAndWait(llm, 100)).toMatchObject({ error: { code: 'all_down', retryAfterMs: 400 }, endMs: 0 });
    expect(llm.circuits()).toEqual([
      { provider: 'fast', state: 'open' },
      { provider: 'slow', state: 'open' },
    ]);
  });
});

function named(fast: LlmProvider, second: LlmProvider): FailoverLlmOptions['providers'] {
  return [
    { name: 'fast', provider: fast },
    { name: 'slow', provider: second },
  ];
}

describe('a row of models', () => {
  it('says when somebody may be asked again, not what the last one wants', async () => {
    const throttled = (retryAfterMs: number) => new ProviderError('llm_throttled', '', { retryAfterMs });
    const both = failover(failingLlm(clock, throttled(3_000)), {
      providers: named(failingLlm(clock, throttled(3_000)), failingLlm(clock, throttled(9_000))),
    });
    expect((await askAndWait(both)).error).toMatchObject({ code: 'llm_throttled', retryAfterMs: 2_980 });
    const one = failover(failingLlm(clock, unavailable), {
      providers: named(failingLlm(clock, unavailable), failingLlm(clock, throttled(9_000))),
    });
    expect((await askAndWait(one)).error).toMatchObject({ code: 'llm_throttled', retryAfterMs: undefined });
  });

  it('goes straight to the second one while the circuit of the first is open, and comes back', async () => {
    const fast = failingLlm(clock, unavailable);
    const llm = failover(fast);
    for (let time = 0; time < 5; time++) await askAndWait(llm, 1_000);
    expect((await askAndWait(llm, 1_000)).firstMs).toBe(300);
    expect(fast.asked).toBe(5);
    await clock.advance(4_000);
    await askAndWait(llm, 1_000);
    expect(fast.asked).toBe(6);
  });

  it('hedges one request in twenty at the most', async () => {
    const llm = failover(scripted({ ttftMs: 1_800 }), { circuit: { slowMs: 5_000 } });
    for (let time = 0; time < 60; time++) await askAndWait(llm, 3_000);
    expect(events.filter(({ type }) => type === 'hedged').length).toBe(3);
    expect(slow.requests.length).toBe(3);
  });

  it('tells who answered, after how long, and whether it was asked beside another', async () => {
    await askAndWait(failover(scripted({ ttftMs: 1_800 }), { hedgeShare: 1 }));
    expect(events).toEqual([
      { type: 'hedged', kind: 'llm', provider: 'slow' },
      { type: 'answered', kind: 'llm', provider: 'slow', attempt: 2, hedged: true, afterMs: 1_300, ownMs: 300 },
    ]);
  });

  it('stops the loser of a hedge, and both when nobody waits any more', async () => {
    const fast = scripted({ hangs: 'at-once' });
    const llm = failover(fast, { hedgeShare: 1 });
    await askAndWait(llm);
    expect([fast.aborted, slow.aborted]).toEqual([1, 0]);
    const asked = ask(llm);
    await clock.advance(1_100);
    asked.stop.abort(new Error('barge-in'));
    await clock.advance(0);
    expect(asked).toMatchObject({ text: '', error: new Error('barge-in') });
    expect([fast.aborted, slow.aborted]).toEqual([2, 1]);
    expect(clock.pending).toBe(0);
  });

  it('asks nobody for who has gone already', async () => {
    const fast = scripted({});
    const stop = new AbortController();
    stop.abort(new Error('gone'));
    await expect(failover(fast).stream(request, stop.signal).next()).rejects.toThrow('gone');
    expect(fast.requests).toEqual([]);
  });

  it('spares a second process the bad experience of the first', async () => {
    const board = new MemoryBreakerBoard(clock);
    const fast = failingLlm(clock, new ProviderError('llm_throttled', '', { retryAfterMs: 10_000 }));
    await askAndWait(failover(fast, { board }), 1_000);
    expect(fast.asked).toBe(1);
    const second = failover(fast, { board });
    await clock.advance(0);
    expect((await askAndWait(second, 1_000)).firstMs).toBe(300);
    expect(fast.asked).toBe(1);
    expect(await board.get('llm:fast')).toBe(8_020); // 10 s after the refusal at 20 ms: hearsay is not repeated
  });

  it('goes on without the board when that is away', async () => {
    const away = () => Promise.reject(new Error('no Redis'));
    const lines = new RecordingLog();
    const llm = failover(scripted({}), { log: lines, board: { get: away, set: away } });
    for (let time = 0; time < 3; time++) expect((await askAndWait(llm, 2_000)).text).toBe('From fast.');
    expect(lines.lines.map(({ message }) => message)).toEqual(['circuits are not shared with the other processes for now']);
  });
});
